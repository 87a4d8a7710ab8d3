import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { waitFor } from '../test/engine/ends.ts';
import { startEngine, type Engine } from '../test/engine/engine.ts';
import { succeed } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
}, 120_000);
afterAll(() => engine?.close());

const LARGE = 2_500_000;
/** More than Temporal takes, twice over. */
const read = skillGraph('read', [call('a', 'slack/slack.read'), call('b', 'slack/slack.read')], {
  edges: [{ from: 'a', to: 'b' }],
  output: { length: '=$length(nodes.a.text) + $length(nodes.b.text)' },
});
const text = 'x'.repeat(LARGE);

describe('results of calls that are larger than Temporal takes', () => {
  test.each(['child', 'inline'])('travel by reference, and the %s run completes', async (isolation) => {
    const run = runOf([skillNode('read', 'read', { isolation })], [read]);
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, (seen) => succeed(seen, { text }));
    expect(await handle.result()).toMatchObject({ status: 'completed', result: { read: { length: 2 * LARGE } } });
    expect(Math.max(...engine.blobs.sizesOf(id))).toBeGreaterThan(2 * LARGE);
    const { events } = await engine.client.workflow.getHandle(isolation === 'child' ? `${id}:skill:read` : id).fetchHistory();
    expect(JSON.stringify(events).length).toBeLessThan(100_000);
  });

  test('wait for Agent-Core while it keeps none, and no call is made twice', async () => {
    const run = runOf([skillNode('read', 'read')], [read]);
    const id = run.intent.run_id;
    engine.blobs.isAway = true;
    const handle = await engine.startRun(run, (seen) => succeed(seen, { text }));
    try {
      await waitFor(async () => engine.blobs.refused >= 2);
      expect((await handle.describe()).status.name).toBe('RUNNING');
    } finally {
      engine.blobs.isAway = false;
    }
    expect(await handle.result()).toMatchObject({ status: 'completed', result: { read: { length: 2 * LARGE } } });
    expect(new Set(engine.services.callsOf(id).map(({ callId }) => callId)).size).toBe(2);
  });
});

test('a burst with a large result waits for Agent-Core however long it is away', async () => {
  const output = Object.fromEntries([...'abc'].map((name) => [name, '=nodes.pad']));
  const pad = skillGraph('pad', [{ id: 'pad', kind: 'transform', expression: '$pad("x", 300000)' }], { output });
  const run = runOf([skillNode('pad', 'pad')], [pad]);
  const before = engine.blobs.refused;
  engine.blobs.isAway = true;
  const handle = await engine.startRun(run, (seen) => succeed(seen));
  try {
    await waitFor(async () => engine.blobs.refused >= before + 5);
  } finally {
    engine.blobs.isAway = false;
  }
  expect(await handle.result()).toMatchObject({ status: 'completed', skills_executed: ['pad'] });
});
