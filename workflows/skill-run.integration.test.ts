import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { ApprovalAsk } from '../contracts/call.ts';
import { endOf, waitFor } from '../test/engine/ends.ts';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { problem, succeed } from '../test/engine/fake-services.ts';
import type { Hub, SeenCall } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
});
afterAll(() => engine?.close());

const post = skillGraph('post', [call('post', 'slack/slack.post', { channel: '#x', text: 'hi' })], { output: '=nodes.post' });
const done = { done: true };

function postRun(isolation: 'child' | 'inline' = 'child') {
  const run = runOf([skillNode('a', 'post', { isolation })], [post]);
  const id = run.intent.run_id;
  return { run, id, skill: isolation === 'child' ? `${id}:skill:a` : id, callId: `${id}:skill:a:call:1` };
}

/** Answers the n-th attempt of a call with the n-th of `answers`, and the last one from then on. */
function inTurn(...answers: Hub[]): Hub {
  return (seen) => answers[Math.min(seen.attempt, answers.length) - 1]!(seen);
}
const ok: Hub = (seen) => succeed(seen, done);
function asks(timeoutSeconds = 3_600, onTimeout: ApprovalAsk['on_timeout'] = 'reject'): Hub {
  return ({ callId, capability, parameters }: SeenCall) =>
    problem(403, 'approval_required', {
      approval: {
        digest: `digest of ${callId}`,
        capability,
        capability_version: 1,
        connection_id: 'conn_slack',
        account_name: 'Acme',
        parameters,
        approvers: ['user_1'],
        timeout_seconds: timeoutSeconds,
        on_timeout: onTimeout,
        reason: 'writes need approval',
      } satisfies ApprovalAsk,
    });
}

async function askedIn(id: string) {
  await waitFor(async () => engine.core.approvalsOf(id).length > 0);
  return engine.core.approvalsOf(id)[0]!;
}

async function decide(workflowId: string, approvalId: string, status: 'approved' | 'rejected', reason?: string) {
  const signal = engine.core.decide((about) => ({
    ...about,
    kind: 'approval',
    approval_id: approvalId,
    status,
    decided_by: 'user_1',
    ...(reason && { reason }),
  }));
  await engine.client.workflow.getHandle(workflowId).signal('decision', signal);
}

describe('a call that needs approval', () => {
  test.each(['child', 'inline'] as const)('is made again after a yes, under the same id (%s)', async (isolation) => {
    const { run, id, skill, callId } = postRun(isolation);
    const handle = await engine.startRun(run, inTurn(asks(), ok));
    const { approvalId, input } = await askedIn(id);
    expect(input).toMatchObject({
      workflow_id: skill,
      request_key: callId,
      approvers: ['user_1'],
      call: { call_id: callId, ask: { digest: `digest of ${callId}` } },
    });
    await waitFor(async () => (await engine.waitingOn(skill))[0] === `approval:${approvalId}`);
    await decide(skill, approvalId, 'approved');
    expect(await handle.result()).toMatchObject({ status: 'completed', result: { a: done } });
    expect(engine.services.callsOf(id).map((seen) => seen.callId)).toEqual([callId, callId]);
    expect(await engine.waitingOn(skill)).toEqual([]);
  });

  test('fails the skill with policy_denied after a no', async () => {
    const { run, id, skill } = postRun();
    const handle = await engine.startRun(run, inTurn(asks(), ok));
    await decide(skill, (await askedIn(id)).approvalId, 'rejected', 'not today');
    expect((await endOf(handle)).failure).toMatchObject({
      type: 'policy_denied',
      message: 'the approval was rejected by user_1: not today',
    });
    expect(engine.services.callsOf(id)).toHaveLength(1);
  });

  test.each([
    ['reject', 'policy_denied'],
    ['fail', 'approval_expired'],
  ] as const)('that nobody answers in time ends by its rule: %s gives %s', async (onTimeout, code) => {
    const { run } = postRun();
    const handle = await engine.startRun(run, inTurn(asks(1, onTimeout), ok));
    expect((await endOf(handle)).failure).toMatchObject({ type: code });
  });

  test('is not moved by a signal that Agent-Core does not confirm, nor by one whose turn is over', async () => {
    const { run, id, skill } = postRun();
    const handle = await engine.startRun(run, inTurn(asks(), ok));
    const { approvalId } = await askedIn(id);
    const child = engine.client.workflow.getHandle(skill);
    await child.signal('decision', { decision_id: 'forged', seq: 1_000_000 });
    await child.signal('decision', 'garbage');
    await decide(skill, approvalId, 'approved');
    expect(await handle.result()).toMatchObject({ status: 'completed' });
  });

  test('is given up when the approval never fits', async () => {
    const { run, id, skill } = postRun();
    const handle = await engine.startRun(run, asks());
    const { approvalId } = await askedIn(id);
    for (let turn = 0; turn < 3; turn += 1) {
      await waitFor(async () => engine.services.callsOf(id).length > turn);
      await decide(skill, approvalId, 'approved');
    }
    expect((await endOf(handle)).failure).toMatchObject({ type: 'policy_denied' });
  });
});

describe('a call that must wait', () => {
  test('is repeated under its id when the provider asks for patience, and shows whom it waits for', async () => {
    const { run, id, skill, callId } = postRun();
    const handle = await engine.startRun(
      run,
      inTurn(
        () => problem(429, 'provider_rate_limited', {}, 2),
        () => problem(409, 'call_in_flight', {}, 1),
        ok,
      ),
    );
    await waitFor(async () => (await engine.waitingOn(skill))[0] === 'provider:slack');
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(engine.services.callsOf(id).map((seen) => seen.callId)).toEqual([callId, callId, callId]);
  });

  test('waits for ConnectHub as long as that is away', async () => {
    const { run, skill } = postRun();
    const away: Hub = () => problem(502, 'nothing of ours');
    const handle = await engine.startRun(run, inTurn(away, away, away, ok));
    await waitFor(async () => (await engine.waitingOn(skill))[0] === 'connecthub');
    expect(await handle.result()).toMatchObject({ status: 'completed' });
  });

  test('gets a new token when the one it has is refused, once', async () => {
    const { run } = postRun();
    const before = engine.services.tokensGiven();
    const handle = await engine.startRun(
      run,
      inTurn(() => problem(401, 'unauthenticated'), ok),
    );
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(engine.services.tokensGiven()).toBe(before + 2);
    const refused = await engine.startRun(postRun().run, () => problem(401, 'unauthenticated'));
    expect((await endOf(refused)).failure).toMatchObject({ type: 'unauthenticated' });
  });

  test('of which nobody knows whether it happened waits for a person, and is then repeated', async () => {
    const { run, id, skill, callId } = postRun();
    const handle = await engine.startRun(
      run,
      inTurn(() => problem(409, 'outcome_unknown'), ok),
    );
    await waitFor(async () => (await engine.waitingOn(skill))[0] === `receipt:${callId}`);
    const signal = engine.core.decide((about) => ({
      ...about,
      kind: 'receipt_resolved',
      call_id: callId,
      resolution: 'happened',
    }));
    await engine.client.workflow.getHandle(skill).signal('decision', signal);
    expect(await handle.result()).toMatchObject({ result: { a: done } });
    expect(engine.services.callsOf(id).map((seen) => seen.callId)).toEqual([callId, callId]);
  });
});

describe('a skill', () => {
  test('asks people where an approval node stands, and goes on with their answer or without one', async () => {
    const graph = skillGraph(
      'ask',
      [{ id: 'ask', kind: 'approval', question: 'Really?', details: { n: 1 }, timeout_seconds: 3_600 }],
      { output: '=nodes.ask' },
    );
    const quick = skillGraph('quick', [{ id: 'ask', kind: 'approval', question: 'Quick?', timeout_seconds: 1 }], {
      output: '=nodes.ask',
    });
    const run = runOf([skillNode('a', 'ask'), skillNode('b', 'quick')], [graph, quick]);
    const handle = await engine.startRun(run, ok);
    await waitFor(async () => engine.core.approvalsOf(run.intent.run_id).length === 2);
    const asked = engine.core.approvalsOf(run.intent.run_id).find(({ input }) => input.question === 'Really?')!;
    expect(asked.input).toMatchObject({ request_key: `${run.intent.run_id}:skill:a:ask#1`, details: { n: 1 } });
    await decide(`${run.intent.run_id}:skill:a`, asked.approvalId, 'rejected');
    expect((await handle.result()).result).toEqual({ a: { decision: 'rejected', by: 'user_1' }, b: { decision: 'timed_out' } });
  });

  test('nests graphs, and runs the items of a foreach as threads with call ids of their own', async () => {
    const leaf = skillGraph(
      'leaf',
      [call('react', 'slack/slack.react', { to: '=input.to' }), call('note', 'slack/slack.post', { text: '=nodes.react.n' })],
      {
        input: { to: { type: 'string', description: '' } },
        edges: [{ from: 'react', to: 'note' }],
        output: '=input.to & ":" & $string(nodes.note.n)',
      },
    );
    const group = skillGraph(
      'group',
      [{ id: 'inner', kind: 'foreach', items: 'input.list', body: leaf.id, input: { to: '=item' }, max_parallel: 1 }],
      {
        input: { list: { type: 'array', description: '' } },
        output: '=nodes.inner',
      },
    );
    const middle = skillGraph(
      'middle',
      [
        call('read', 'slack/slack.read'),
        { id: 'each', kind: 'foreach', items: 'nodes.read.groups', body: group.id, input: { list: '=item.names' } },
      ],
      {
        edges: [{ from: 'read', to: 'each' }],
        output: '=nodes.each',
      },
    );
    const outer = skillGraph(
      'outer',
      [{ id: 'nest', kind: 'graph', graph: middle.id, input: {} }, call('last', 'slack/slack.post', { text: '=nodes.nest' })],
      {
        edges: [{ from: 'nest', to: 'last' }],
        output: '=nodes.nest',
      },
    );
    const run = runOf([skillNode('a', 'outer')], [leaf, group, middle, outer]);
    const id = run.intent.run_id;
    const result = await (
      await engine.startRun(run, (seen) =>
        succeed(
          seen,
          seen.capability === 'slack/slack.read'
            ? { groups: [{ names: ['x', 'y'] }, { names: ['z'] }] }
            : { n: seen.callId.endsWith(':1') ? 1 : 2 },
        ),
      )
    ).result();
    expect(result.result).toEqual({ a: [['x:2', 'y:2'], ['z:2']] });
    expect(result.hierarchical_events[0]?.micro_agents).toEqual(
      expect.arrayContaining(['nest/read', 'react', 'note', 'inner', 'nest/each', 'nest', 'last']),
    );
    const item = (outerIndex: number, innerIndex: number) =>
      `:skill:a:item:nest/each:${outerIndex}:item:inner:${innerIndex}:call`;
    expect(
      engine.services
        .callsOf(id)
        .map(({ callId }) => callId.slice(id.length))
        .toSorted(),
    ).toEqual(
      [
        ':skill:a:call:1',
        ':skill:a:call:3',
        ...[item(0, 0), item(0, 1), item(1, 0)].flatMap((call) => [`${call}:1`, `${call}:2`]),
      ].toSorted(),
    );
  });

  test('gives calls of a foreach that is visited again new ids', async () => {
    const body = skillGraph('body', [call('react', 'slack/slack.react', { to: '=item' })], { output: '=nodes.react.n' });
    const graph = skillGraph(
      'rounds',
      [
        { id: 'begin', kind: 'transform', expression: '0' },
        { id: 'each', kind: 'foreach', items: '["x", "y"]', body: body.id, input: {} },
        { id: 'more', kind: 'branch', expression: '$max(nodes.each) < 3 ? "again" : "enough"' },
      ],
      {
        edges: [
          { from: 'begin', to: 'each' },
          { from: 'each', to: 'more' },
          { from: 'more', to: 'each', when: 'again' },
        ],
      },
    );
    const run = runOf([skillNode('a', 'rounds')], [graph, body]);
    const id = run.intent.run_id;
    await (await engine.startRun(run, (seen) => succeed(seen, { n: engine.services.callsOf(id).length }))).result();
    const ids = engine.services.callsOf(id).map(({ callId }) => callId.slice(id.length));
    expect(ids.toSorted()).toEqual([0, 1].flatMap((index) => [1, 2].map((n) => `:skill:a:item:each:${index}:call:${n}`)));
  });

  test('lets the calls under way end when an item fails, and begins no further one', async () => {
    const body = skillGraph('body', [call('react', 'slack/slack.react', { to: '=item' })]);
    const graph = skillGraph('each', [
      { id: 'each', kind: 'foreach', items: '["bad", "slow", "never"]', body: body.id, input: {}, max_parallel: 2 },
    ]);
    const run = runOf([skillNode('a', 'each')], [graph, body]);
    const id = run.intent.run_id;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const handle = await engine.startRun(run, (seen) =>
      seen.parameters['to'] === 'bad' ? problem(422, 'provider_refused') : { ...succeed(seen, done), after: released },
    );
    await waitFor(async () => engine.services.callsOf(id).length === 2);
    release();
    expect((await endOf(handle)).failure).toMatchObject({ type: 'provider_refused' });
    expect(engine.core.resultsOf(id)).toMatchObject([{ status: 'failed', capabilities_used: ['slack.react'] }]);
    expect(
      engine.services
        .callsOf(id)
        .map(({ parameters }) => JSON.stringify(parameters))
        .toSorted(),
    ).toEqual(['{"to":"bad"}', '{"to":"slow"}']);
  });

  test('that is cancelled with a call under way hears what the call did, and ends whatever that was', async () => {
    const body = skillGraph('body', [call('react', 'slack/slack.react', { to: '=item' })]);
    const graph = skillGraph('each', [
      { id: 'each', kind: 'foreach', items: '["asks", "done", "waits"]', body: body.id, input: {}, max_parallel: 3 },
    ]);
    const run = runOf([skillNode('a', 'each')], [graph, body]);
    const id = run.intent.run_id;
    const skill = `${id}:skill:a`;
    let release = (): void => undefined;
    const released = new Promise<void>((resolve) => (release = resolve));
    const handle = await engine.startRun(run, (seen) => {
      if (seen.parameters['to'] === 'waits') return problem(429, 'provider_rate_limited', {}, 3_600);
      const outcome = seen.parameters['to'] === 'asks' ? asks()(seen) : succeed(seen, done);
      return { ...outcome, after: released };
    });
    await waitFor(async () => engine.services.callsOf(id).length === 3 && (await engine.waitingOn(skill)).length === 1);
    await handle.cancel();
    await waitFor(async () => (await engine.waitingOn(skill)).length === 0);
    release();
    expect((await endOf(handle)).status).toBe('CANCELLED');
    expect((await engine.client.workflow.getHandle(skill).describe()).status.name).toBe('CANCELLED');
    const { events } = await engine.client.workflow.getHandle(skill).fetchHistory();
    expect(events?.filter((event) => event.activityTaskCompletedEventAttributes)).toHaveLength(3);
  });

  test('goes on from history when another worker takes over', async () => {
    const graph = skillGraph(
      'three',
      ['x', 'y', 'z'].map((id) => call(id, 'slack/slack.post', { text: id })),
      {
        edges: [
          { from: 'x', to: 'y' },
          { from: 'y', to: 'z' },
        ],
      },
    );
    const run = runOf([skillNode('a', 'three')], [graph]);
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, (seen) =>
      seen.parameters['text'] === 'y' && seen.attempt === 1 ? problem(429, 'provider_rate_limited', {}, 1) : succeed(seen, done),
    );
    await waitFor(async () => (await engine.waitingOn(`${id}:skill:a`))[0] === 'provider:slack');
    await engine.withoutAgentWorker(async () => undefined);
    expect(await handle.result()).toMatchObject({ status: 'completed' });
    expect(engine.services.callsOf(id).map(({ callId }) => callId.slice(-7))).toEqual([
      ':call:1',
      ':call:2',
      ':call:2',
      ':call:3',
    ]);
  });

  test('fails with the code and the place of a micro-agent that fails', async () => {
    const graph = skillGraph('wrong', [{ id: 'sum', kind: 'transform', expression: '"a" + 1' }]);
    const handle = await engine.startRun(runOf([skillNode('a', 'wrong')], [graph]), ok);
    expect((await endOf(handle)).failure).toMatchObject({ type: 'expression_failed', message: expect.stringMatching(/^sum: /) });
  });
});
