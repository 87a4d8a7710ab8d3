import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { succeed } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
}, 60_000);
afterAll(() => engine?.close());

describe('a run', () => {
  test('makes the call of its skill and gives the output', async () => {
    const run = runOf([skillNode('greet', 'greet', { input: { text: '=trigger.payload.text' } })], [
      skillGraph('greet', [call('post', 'slack/slack.post', { channel: 'C1', text: '=input.text' })], {
        input: { text: { type: 'string', description: 'what to say', required: true } },
        output: { ts: '=nodes.post.ts' },
      }),
    ], { payload: { text: 'hello' } });
    const handle = await engine.startRun(run, (seen) => succeed(seen, { ts: '1.2' }));
    const result = await handle.result();
    expect(result).toMatchObject({
      status: 'completed',
      result: { greet: { ts: '1.2' } },
      skills_executed: ['greet'],
      capabilities_used: ['slack.post'],
      hierarchical_events: [{ run_id: `${run.intent.run_id}:skill:greet`, status: 'completed', micro_agents: ['post'] }],
    });
    expect(engine.services.callsOf(run.intent.run_id)).toEqual([
      { callId: `${run.intent.run_id}:skill:greet:call:1`, capability: 'slack/slack.post', parameters: { channel: 'C1', text: 'hello' }, attempt: 1 },
    ]);
    expect(engine.core.resultsOf(run.intent.run_id)).toEqual([result]);
  });
});
