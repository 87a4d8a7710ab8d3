import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createModel } from '../platform/models/create-model.ts';
import { endOf, waitFor } from '../test/engine/ends.ts';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { problem, succeed } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';
import { retryOf } from '../test/engine/retry.ts';
import { startScriptedModel } from '../test/engine/scripted-model.ts';

let engine: Engine;
let release: () => void;
const released = new Promise<void>((resolve) => (release = resolve));
let endpoint: Awaited<ReturnType<typeof startScriptedModel>>;
beforeAll(async () => {
  endpoint = await startScriptedModel([
    { status: 503, retryAfter: 2 },
    { json: { text: 'All is well.' } },
    { json: { text: 'Good morning.' } },
    { json: { text: 'Good night.' }, after: released },
  ]);
  const model = createModel({ kind: 'openai', baseUrl: endpoint.baseUrl, apiKey: 'key', model: 'scripted' });
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env, model });
});
afterAll(async () => {
  await engine?.close();
  await endpoint?.close();
});

describe('a skill that asks a model', () => {
  test('waits while the model is away, in the open, and asks in an activity of its own', async () => {
    const digest = skillGraph(
      'digest',
      [
        call('read', 'slack/slack.read'),
        {
          id: 'write',
          kind: 'model',
          instructions: 'Sum up.',
          input: { messages: '=nodes.read.messages' },
          schema: { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] },
        },
        call('post', 'slack/slack.post', { text: '=nodes.write.text' }),
      ],
      {
        edges: [
          { from: 'read', to: 'write' },
          { from: 'write', to: 'post' },
        ],
        output: '=nodes.write',
      },
    );
    const run = runOf([skillNode('a', 'digest')], [digest]);
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, (seen) => succeed(seen, { messages: ['fine'] }));
    await waitFor(async () => (await engine.waitingOn(`${id}:skill:a`))[0] === 'model');
    expect((await handle.result()).result).toEqual({ a: { text: 'All is well.' } });
    expect(engine.services.callsOf(id).map(({ callId, parameters }) => [callId.slice(-7), parameters])).toEqual([
      [':call:1', {}],
      [':call:2', { text: 'All is well.' }],
    ]);
    expect(endpoint.asked.map(({ messages }) => messages[1]?.content)).toEqual([
      '{"messages":["fine"]}',
      '{"messages":["fine"]}',
    ]);
    const { events } = await engine.client.workflow.getHandle(`${id}:skill:a`).fetchHistory();
    const bursts = (events ?? []).filter(
      (event) => event.activityTaskScheduledEventAttributes?.activityType?.name === 'runSkillBurst',
    );
    expect(bursts).toHaveLength(4);
  });

  test('does not ask it again in a retry, which goes on with the recorded answer', async () => {
    const digest = skillGraph(
      'digest',
      [
        { id: 'write', kind: 'model', instructions: 'Greet.', input: {}, schema: { type: 'object' } },
        call('post', 'slack/slack.post', { text: '=nodes.write.text' }),
      ],
      { edges: [{ from: 'write', to: 'post' }] },
    );
    const run = runOf([skillNode('a', 'digest')], [digest]);
    const handle = await engine.startRun(run, () => problem(422, 'provider_refused'));
    expect((await endOf(handle)).failure).toMatchObject({ type: 'provider_refused' });
    const retry = await retryOf(engine, run);
    const asked = endpoint.asked.length;
    await (await engine.startRun(retry, (seen) => succeed(seen))).result();
    expect(engine.services.callsOf(retry.intent.run_id)).toMatchObject([{ parameters: { text: 'Good morning.' } }]);
    expect(endpoint.asked).toHaveLength(asked);
  });

  test('ends while its run is paused, and the next skill is started when the run is resumed', async () => {
    const greet = skillGraph('greet', [
      { id: 'write', kind: 'model', instructions: 'Greet.', input: {}, schema: { type: 'object' } },
    ]);
    const post = skillGraph('post', [call('post', 'slack/slack.post')]);
    const run = runOf([skillNode('a', 'greet'), skillNode('b', 'post')], [greet, post], { edges: [{ from: 'a', to: 'b' }] });
    const id = run.intent.run_id;
    const asked = endpoint.asked.length;
    const handle = await engine.startRun(run, (seen) => succeed(seen));
    await waitFor(async () => endpoint.asked.length > asked);
    const say = async (kind: 'pause' | 'resume') =>
      handle.signal(
        'decision',
        engine.core.decide((about) => ({ ...about, kind, decided_by: 'user_1' })),
      );
    await say('pause');
    await waitFor(async () => (await engine.waitingOn(id)).includes('paused'));
    release();
    const hasEnded = async () => {
      const { events } = await handle.fetchHistory();
      return (events ?? []).some((event) => event.childWorkflowExecutionCompletedEventAttributes);
    };
    await waitFor(hasEnded);
    await handle.query('__temporal_workflow_metadata');
    const { events } = await handle.fetchHistory();
    expect(events?.filter((event) => event.startChildWorkflowExecutionInitiatedEventAttributes)).toHaveLength(1);
    await say('resume');
    expect(await handle.result()).toMatchObject({ status: 'completed', skills_executed: ['a', 'b'] });
  });

  test('fails with payload_too_large when what it goes on with is too large for history', async () => {
    const reads = ['a', 'b', 'c', 'd', 'e'];
    const write = { id: 'write', kind: 'model', instructions: 'Sum up.', input: {}, schema: { type: 'object' } };
    const graph = skillGraph('read', [...reads.map((id) => call(id, 'slack/slack.read')), write], {
      edges: reads.map((from) => ({ from, to: 'write' })),
    });
    const handle = await engine.startRun(runOf([skillNode('a', 'read')], [graph]), (seen) =>
      succeed(seen, { text: 'x'.repeat(1_800_000) }),
    );
    expect((await endOf(handle)).failure).toMatchObject({
      type: 'payload_too_large',
      message: expect.stringMatching(/^what the skill goes on with: /),
    });
  });
});
