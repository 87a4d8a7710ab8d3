import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createHistoryMapper } from '../platform/run-events/history-mapper.ts';
import { createModel } from '../platform/models/create-model.ts';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { endOf } from '../test/engine/ends.ts';
import { problem, succeed } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';
import { retryOf } from '../test/engine/retry.ts';
import { startScriptedModel, type Turn } from '../test/engine/scripted-model.ts';

let engine: Engine;
let endpoint: Awaited<ReturnType<typeof startScriptedModel>>;
const script: Turn[] = [];
beforeAll(async () => {
  endpoint = await startScriptedModel(() => script.shift() ?? { status: 401 });
  const model = createModel({ kind: 'openai', baseUrl: endpoint.baseUrl, apiKey: 'key', model: 'scripted' });
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env, model });
});
afterAll(async () => {
  await engine?.close();
  await endpoint?.close();
});

const choose = skillGraph(
  'choose',
  [
    {
      id: 'ask',
      kind: 'model',
      instructions: 'Choose what is done next.',
      input: { done: '=input.done' },
      schema: {
        type: 'object',
        properties: { next: { type: 'array' }, reason: { type: 'string' } },
        required: ['next', 'reason'],
      },
      fallback: { next: '=[input.done.a ? "b" : "a"]', reason: '="the rules: " & reason', by: 'rules' },
    },
  ],
  {
    input: { done: { type: 'object', description: 'outputs so far', required: true } },
    output: { next: '=[nodes.ask.next]', reason: '=nodes.ask.reason', by: '=nodes.ask.by = "rules" ? "rules" : "model"' },
  },
);
const post = skillGraph('post', [call('post', 'slack/slack.post', { text: 'x' })]);
const look = skillGraph('look', [call('read', 'slack/slack.read')]);

/** A supervisor before two skills that lead back to it. */
function supervised(max_visits: number, more = {}) {
  const lead = skillNode('lead', 'choose', { type: 'supervisor', max_visits, input: { done: '=skills' }, ...more });
  return runOf([lead, skillNode('a', 'look'), skillNode('b', 'post')], [choose, post, look], {
    edges: [
      { from: 'lead', to: 'a' },
      { from: 'lead', to: 'b' },
      { from: 'a', to: 'lead', loop: true },
      { from: 'b', to: 'lead', loop: true },
    ],
  });
}

describe('a supervisor', () => {
  test('chooses what runs next, again and again, and what it names besides leads nowhere', async () => {
    script.push(
      { json: { next: ['a', 'c', 'delete_everything'], reason: 'Look first.' } },
      { json: { next: ['b'], reason: 'Now tell.' } },
      { json: { next: [], reason: 'Done.' } },
    );
    const run = supervised(5);
    const handle = await engine.startRun(run, (seen) => succeed(seen));
    const result = await handle.result();
    expect(result.skills_executed).toEqual(['lead', 'a', 'b']);
    expect(result.decisions).toEqual([
      { node: 'lead', visit: 1, next: ['a'], ignored: ['c', 'delete_everything'], reason: 'Look first.', by: 'model' },
      { node: 'lead', visit: 2, next: ['b'], ignored: [], reason: 'Now tell.', by: 'model' },
      { node: 'lead', visit: 3, next: [], ignored: [], reason: 'Done.', by: 'model' },
    ]);
    expect(engine.services.callsOf(run.intent.run_id).map(({ capability }) => capability)).toEqual([
      'slack/slack.read',
      'slack/slack.post',
    ]);
    const id = `${run.intent.run_id}:skill:lead~2`;
    const { events } = await engine.client.workflow.getHandle(id).fetchHistory();
    const { org_id: orgId, employee_id: employeeId, execution_id: executionId } = run.intent;
    const mapper = createHistoryMapper({ orgId, employeeId, executionId, workflowId: id, temporalRunId: 'r' });
    expect((events ?? []).flatMap((event) => mapper.map(event)).at(-1)).toMatchObject({
      kind: 'supervisor.decided',
      data: { node: 'lead', next: ['b'], reason: 'Now tell.', by: 'model' },
    });
  });

  test('decides a bounded number of times', async () => {
    for (let at = 0; at < 3; at += 1) script.push({ json: { next: ['a', 'b'], reason: 'More.' } });
    const run = supervised(3);
    const result = await (await engine.startRun(run, (seen) => succeed(seen))).result();
    expect(result.decisions?.map(({ visit }) => visit)).toEqual([1, 2, 3]);
    expect(engine.services.callsOf(run.intent.run_id)).toHaveLength(6);
    expect(script).toEqual([]);
  });

  test('goes by its rules when the model refuses, says why, and a retry keeps the decision', async () => {
    const run = supervised(2, { isolation: 'inline' });
    const handle = await engine.startRun(run, (seen) =>
      seen.capability === 'slack/slack.post' ? problem(422, 'provider_refused') : succeed(seen, { messages: [] }),
    );
    expect((await endOf(handle)).failure).toMatchObject({ type: 'provider_refused' });
    const asked = endpoint.asked.length;
    const retry = await retryOf(engine, run);
    const result = await (await engine.startRun(retry, (seen) => succeed(seen))).result();
    expect(result.decisions).toMatchObject([
      { next: ['a'], by: 'rules', reason: expect.stringContaining('the model refused the question (HTTP 401)') },
      { next: ['b'], by: 'rules' },
    ]);
    expect(endpoint.asked).toHaveLength(asked);
  });

  test('whose output is no decision fails the run', async () => {
    const none = skillGraph('none', [{ id: 'x', kind: 'transform', expression: '1' }], { output: { next: '=1' } });
    const run = runOf([skillNode('lead', 'none', { type: 'supervisor' }), skillNode('a', 'look')], [none, look], {
      edges: [{ from: 'lead', to: 'a' }],
    });
    expect((await endOf(await engine.startRun(run, (seen) => succeed(seen)))).failure).toMatchObject({ type: 'graph_invalid' });
  });
});
