import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { endOf, waitFor } from '../test/engine/ends.ts';
import { problem, succeed } from '../test/engine/fake-services.ts';
import type { Hub } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';
import { retryOf } from '../test/engine/retry.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
});
afterAll(() => engine?.close());

/** Three posts in a row; each says when its burst was run, so that one that is computed again would say another thing. */
const three = skillGraph(
  'three',
  ['one', 'two', 'three'].map((id) => call(id, 'slack/slack.post', { text: `="${id} at " & now` })),
  {
    edges: [
      { from: 'one', to: 'two' },
      { from: 'two', to: 'three' },
    ],
    output: ['=nodes.one.text', '=nodes.two.text', '=nodes.three.text'],
  },
);
const echo: Hub = (seen) => succeed(seen, { text: seen.parameters['text'] ?? null });
const unlessThird: Hub = (seen) => (seen.callId.endsWith(':call:3') ? problem(422, 'provider_refused') : echo(seen));
const idsIn = (runId: string) => engine.services.callsOf(runId).map(({ callId }) => callId);

describe.each(['child', 'inline'] as const)('a retry of a run whose skill (%s) failed at its third call', (isolation) => {
  test('makes the third call only, with what the first run had computed, under the ids of the first run', async () => {
    const run = runOf([skillNode('a', 'three', { isolation })], [three]);
    const scope = run.intent.run_id;
    expect((await endOf(await engine.startRun(run, unlessThird))).failure).toMatchObject({ type: 'provider_refused' });
    const before = engine.services.callsOf(scope);
    const retry = await retryOf(engine, run);
    const result = await (await engine.startRun(retry, echo)).result();
    expect(retry.intent.run_id).toBe(`${scope}~r1`);
    const [again, ...others] = engine.services.callsOf(retry.intent.run_id);
    expect(others).toEqual([]);
    expect(again).toMatchObject({ callId: `${scope}:skill:a:call:3`, parameters: before[2]!.parameters });
    expect(result).toMatchObject({
      status: 'completed',
      result: { a: before.map(({ parameters }) => parameters['text']) },
      capabilities_used: ['slack.post'],
      hierarchical_events: [{ run_id: `${scope}~r1:skill:a`, micro_agents: ['one', 'two', 'three'] }],
    });
  });

  test('counts the calls of the whole chain against its budget', async () => {
    const run = runOf([skillNode('a', 'three', { isolation })], [three], { budget: { max_calls: 3 } });
    await endOf(await engine.startRun(run, unlessThird));
    const retry = await retryOf(engine, run);
    expect(retry.resume?.skills['a']).toMatchObject({ calls_made: 2 });
    expect((await endOf(await engine.startRun(retry, echo))).status).toBe('COMPLETED');
    const poor = runOf([skillNode('a', 'three', { isolation })], [three], { budget: { max_calls: 2 } });
    await endOf(await engine.startRun(poor, echo));
    expect((await endOf(await engine.startRun(await retryOf(engine, poor), echo))).failure).toMatchObject({
      type: 'budget_exceeded',
    });
  });
});

test('a retry of a retry goes on from both', async () => {
  const run = runOf([skillNode('a', 'three')], [three]);
  const failing =
    (n: number): Hub =>
    (seen) =>
      seen.callId.endsWith(`:call:${n}`) ? problem(422, 'provider_refused') : echo(seen);
  await endOf(await engine.startRun(run, failing(2)));
  const first = await retryOf(engine, run);
  await endOf(await engine.startRun(first, failing(3)));
  const second = await retryOf(engine, first);
  await (await engine.startRun(second, echo)).result();
  const ids = [run, first, second].map(({ intent }) => idsIn(intent.run_id).map((id) => id.slice(-1)));
  expect(ids).toEqual([['1', '2'], ['2', '3'], ['3']]);
});

test('a retry takes the results of finished skills and the ways that were decided', async () => {
  const post = skillGraph('post', [call('post', 'slack/slack.post', { text: 'x' })], { output: '=nodes.post' });
  const run = runOf(
    [
      skillNode('a', 'post'),
      skillNode('in', 'post', { isolation: 'inline' }),
      skillNode('b', 'post'),
      skillNode('never', 'post'),
    ],
    [post],
    {
      edges: [
        { from: 'a', to: 'b', when: 'now > "2020"' },
        { from: 'in', to: 'b' },
        { from: 'a', to: 'never', when: 'skills.a.output.text = "y"' },
      ],
    },
  );
  const scope = run.intent.run_id;
  const unlessB: Hub = (seen) => (seen.callId.includes(':skill:b:') ? problem(422, 'provider_refused') : echo(seen));
  await endOf(await engine.startRun(run, unlessB));
  const retry = await retryOf(engine, run);
  const result = await (await engine.startRun(retry, echo)).result();
  expect(idsIn(retry.intent.run_id)).toEqual([`${scope}:skill:b:call:1`]);
  expect(result).toMatchObject({
    result: { a: { text: 'x' }, in: { text: 'x' }, b: { text: 'x' } },
    skills_executed: ['a', 'in', 'b'],
  });
  const { events } = await engine.client.workflow.getHandle(retry.intent.run_id).fetchHistory();
  expect(JSON.stringify(events)).not.toContain(Buffer.from('evaluateEdges').toString('base64').slice(0, -2));
  expect(retry.resume?.skills['a']?.ways).toEqual({ '0': true, '2': false });
});

test('a retry makes the items of a foreach that are missing, and no item twice', async () => {
  const item = skillGraph(
    'item',
    [call('x', 'slack/slack.post', { text: '=input.to' }), call('y', 'slack/slack.post', { text: '="and " & input.to' })],
    {
      input: { to: { type: 'string', description: '' } },
      edges: [{ from: 'x', to: 'y' }],
      output: '=nodes.y.text',
    },
  );
  const each = skillGraph('each', [
    { id: 'each', kind: 'foreach', items: '["p", "q", "r"]', body: item.id, input: { to: '=item' }, max_parallel: 1 },
  ]);
  const run = runOf([skillNode('a', 'each')], [each, item]);
  const scope = run.intent.run_id;
  const unlessQ: Hub = (seen) => (seen.parameters['text'] === 'and q' ? problem(422, 'provider_refused') : echo(seen));
  await endOf(await engine.startRun(run, unlessQ));
  const retry = await retryOf(engine, run);
  const result = await (await engine.startRun(retry, echo)).result();
  expect(idsIn(retry.intent.run_id)).toEqual(
    ['each:1:call:2', 'each:2:call:1', 'each:2:call:2'].map((part) => `${scope}:skill:a:item:${part}`),
  );
  expect(result.result).toMatchObject({ a: { each: ['and p', 'and q', 'and r'] } });
});

test('a call of unknown outcome waits for its person in the retry too', async () => {
  const post = skillGraph('post', [call('post', 'slack/slack.post', { text: 'x' })]);
  const run = runOf([skillNode('a', 'post')], [post]);
  const callId = `${run.intent.run_id}:skill:a:call:1`;
  const handle = await engine.startRun(run, () => problem(409, 'outcome_unknown'));
  await waitFor(async () => (await engine.waitingOn(`${run.intent.run_id}:skill:a`)).includes(`receipt:${callId}`));
  await handle.cancel();
  await endOf(handle);
  const retry = await retryOf(engine, run);
  const skill = `${retry.intent.run_id}:skill:a`;
  const again = await engine.startRun(retry, (seen) => (seen.attempt === 1 ? problem(409, 'outcome_unknown') : echo(seen)));
  await waitFor(async () => (await engine.waitingOn(skill)).includes(`receipt:${callId}`));
  const resolution = engine.core.decide((about) => ({
    ...about,
    kind: 'receipt_resolved',
    call_id: callId,
    resolution: 'happened',
  }));
  await engine.client.workflow.getHandle(skill).signal('decision', resolution);
  expect(await again.result()).toMatchObject({ status: 'completed' });
  expect(idsIn(retry.intent.run_id)).toEqual([callId, callId]);
});

test('a retry that goes on from anything else than its ticket says makes no call', async () => {
  const run = runOf([skillNode('a', 'three')], [three]);
  await endOf(await engine.startRun(run, unlessThird));
  const retry = await retryOf(engine, run);
  const forged = JSON.parse(JSON.stringify(retry).replaceAll('three at ', 'my own at ')) as typeof retry;
  expect(forged.resume).not.toEqual(retry.resume);
  expect((await endOf(await engine.startRun(forged, echo))).failure).toMatchObject({ type: 'ids_disagree' });
  expect(engine.services.callsOf(retry.intent.run_id)).toEqual([]);
});
