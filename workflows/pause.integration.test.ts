import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { endOf, waitFor } from '../test/engine/ends.ts';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { problem, succeed } from '../test/engine/fake-services.ts';
import type { Hub } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
});
afterAll(() => engine?.close());

const two = skillGraph('two', [call('one', 'slack/slack.post'), call('two', 'slack/slack.post')], {
  edges: [{ from: 'one', to: 'two' }],
});
const slow = skillGraph('slow', [{ id: 'pause', kind: 'wait', seconds: 3_600 }]);

const decisionOf = (kind: 'pause' | 'resume') => engine.core.decide((about) => ({ ...about, kind, decided_by: 'user_1' }));
const tell = (workflowId: string, signal: unknown) => engine.client.workflow.getHandle(workflowId).signal('decision', signal);
const isWaitingOn = (workflowId: string, word: string) =>
  waitFor(async () => (await engine.waitingOn(workflowId)).includes(word));
const statusOf = async (workflowId: string) =>
  (await engine.client.workflow.getHandle(workflowId).describe()).searchAttributes['RunStatus'];

/** A hub that holds the n-th call until `release`. */
function holding(n: number) {
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const hub: Hub = (seen) => ({ ...succeed(seen), ...(seen.callId.endsWith(`:call:${n}`) && { after: released }) });
  return { hub, release };
}

describe.each(['child', 'inline'] as const)('a paused run whose skill (%s) is under way', (isolation) => {
  test('lets its call finish, begins no other, and goes on where it was when it is resumed', async () => {
    const run = runOf([skillNode('a', 'two', { isolation }), skillNode('b', 'two', { isolation })], [two], {
      edges: [{ from: 'a', to: 'b' }],
    });
    const id = run.intent.run_id;
    const skill = isolation === 'child' ? `${id}:skill:a` : id;
    const { hub, release } = holding(1);
    const handle = await engine.startRun(run, hub);
    await waitFor(async () => engine.services.callsOf(id).length === 1);
    await tell(id, decisionOf('pause'));
    await isWaitingOn(id, 'paused');
    await isWaitingOn(skill, 'paused');
    expect(await statusOf(id)).toEqual(['paused']);
    release();
    const callEnded = async () => {
      const { events } = await engine.client.workflow.getHandle(skill).fetchHistory();
      const calls = (events ?? []).filter((event) => event.activityTaskCompletedEventAttributes);
      return calls.length === 2; // the decision that was read, and the call
    };
    await waitFor(callEnded);
    // Whatever would be begun is begun in the task that took the call's end: a query waits for it.
    await engine.client.workflow.getHandle(skill).query('__temporal_workflow_metadata');
    expect(engine.services.callsOf(id)).toHaveLength(1);
    await tell(id, decisionOf('resume'));
    expect(await handle.result()).toMatchObject({ status: 'completed', skills_executed: ['a', 'b'] });
    expect(engine.services.callsOf(id)).toHaveLength(4);
    expect(await engine.waitingOn(id)).toEqual([]);
    expect(await statusOf(id)).toEqual(['completed']);
  });

  test('can be cancelled', async () => {
    const run = runOf([skillNode('a', 'slow', { isolation })], [slow]);
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, () => problem(500, 'internal'));
    const skill = isolation === 'child' ? `${id}:skill:a` : id;
    await isWaitingOn(skill, 'timer');
    await tell(id, decisionOf('pause'));
    await isWaitingOn(skill, 'paused');
    await handle.cancel();
    expect((await endOf(handle)).status).toBe('CANCELLED');
    expect(engine.core.resultsOf(id)).toMatchObject([{ status: 'interrupted' }]);
    expect(await engine.waitingOn(id)).toEqual([]);
  });
});

test('a paused run starts no skill, takes the ends of those that run, and fails when one fails', async () => {
  const run = runOf([skillNode('a', 'two'), skillNode('slow', 'slow')], [two, slow]);
  const id = run.intent.run_id;
  let release = (): void => undefined;
  const released = new Promise<void>((resolve) => (release = resolve));
  const handle = await engine.startRun(run, () => ({ ...problem(422, 'provider_refused'), after: released }));
  await waitFor(async () => engine.services.callsOf(id).length === 1);
  await tell(id, decisionOf('pause'));
  await isWaitingOn(id, 'paused');
  release();
  expect((await endOf(handle)).failure).toMatchObject({ type: 'provider_refused' });
  expect(await engine.waitingOn(id)).toEqual([]);
});

test('a skill run is paused although an approval with a higher number overtook the pause; its answer counts', async () => {
  const run = runOf([skillNode('a', 'two')], [two]);
  const id = run.intent.run_id;
  const skill = `${id}:skill:a`;
  const { hub, release } = holding(1);
  const ask = {
    digest: 'd',
    capability: 'slack/slack.post',
    capability_version: 1,
    connection_id: 'conn_slack',
    account_name: 'Acme',
    parameters: {},
    approvers: [],
    timeout_seconds: 3_600,
    on_timeout: 'reject',
    reason: 'writes need approval',
  };
  const asksFirst: Hub = (seen) =>
    seen.callId.endsWith(':call:1') && seen.attempt === 1 ? problem(403, 'approval_required', { approval: ask }) : hub(seen);
  const handle = await engine.startRun(run, asksFirst);
  await waitFor(async () => engine.core.approvalsOf(id).length === 1);
  const { approvalId } = engine.core.approvalsOf(id)[0]!;
  const pause = decisionOf('pause');
  const approval = engine.core.decide((about) => ({ ...about, kind: 'approval', approval_id: approvalId, status: 'approved' }));
  await tell(skill, approval);
  await waitFor(async () => engine.services.callsOf(id).length === 2);
  await tell(id, pause);
  await isWaitingOn(skill, 'paused');
  release();
  await tell(id, decisionOf('resume'));
  expect(await handle.result()).toMatchObject({ status: 'completed' });
});

test('a pause that Agent-Core does not confirm holds nobody', async () => {
  const run = runOf([skillNode('a', 'two')], [two]);
  const id = run.intent.run_id;
  const { hub, release } = holding(1);
  const handle = await engine.startRun(run, hub);
  await waitFor(async () => engine.services.callsOf(id).length === 1);
  await tell(id, { decision_id: 'forged', seq: 1_000_000 });
  await engine.client.workflow.getHandle(`${id}:skill:a`).signal('pause', { decision_id: 'forged', seq: 1_000_000 });
  release();
  expect(await handle.result()).toMatchObject({ status: 'completed' });
});
