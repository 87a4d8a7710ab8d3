import { Client, type WorkflowClientInterceptor } from '@temporalio/client';
import { defaultPayloadConverter, type Payload } from '@temporalio/common';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { TASK_QUEUES } from '../contracts/run.ts';
import { TRACE_HEADER } from '../contracts/trace.ts';
import { endOf, waitFor } from '../test/engine/ends.ts';
import { startEngine } from '../test/engine/engine.ts';
import type { Engine } from '../test/engine/engine.ts';
import { problem, succeed } from '../test/engine/fake-services.ts';
import { call, runOf, skillGraph, skillNode } from '../test/engine/plans.ts';

let engine: Engine;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- where the Temporal CLI is found and cached
  engine = await startEngine({ env: process.env });
}, 120_000);
afterAll(() => engine?.close());

const post = skillGraph('post', [call('post', 'slack/slack.post', { channel: '#x', text: 'hi' })], { output: '=nodes.post' });
const spanOf = (workflowId: string) => engine.spans.find(({ attributes }) => attributes['temporalWorkflowId'] === workflowId);

/** A client that starts workflows with this as their trace. */
function clientWith(payload: Payload): Client {
  const { connection, options } = engine.client;
  const header = { [TRACE_HEADER]: payload };
  const interceptor: WorkflowClientInterceptor = {
    startWithDetails: (input, next) => next({ ...input, headers: header }),
  };
  return new Client({ connection, namespace: options.namespace, interceptors: { workflow: [interceptor] } });
}

describe('the span of a workflow', () => {
  test('has the code of its failure, and those of its skills are its children', async () => {
    const run = runOf([skillNode('bad', 'post')], [post]);
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, () => problem(403, 'grant_missing'));
    expect((await endOf(handle)).status).toBe('FAILED');
    const [own, skill] = [spanOf(id), spanOf(`${id}:skill:bad`)];
    expect(own).toMatchObject({
      name: 'workflow employeeRun',
      parent: undefined,
      span: { traceId: (await handle.describe()).runId.replaceAll('-', '') },
      hasFailed: true,
      attributes: { 'clancy.status': 'failed', 'error.type': 'grant_missing', 'clancy.run_id': id },
    });
    expect(skill).toMatchObject({
      name: 'workflow skillRun',
      parent: own?.span,
      hasFailed: true,
      attributes: { 'error.type': 'grant_missing', 'clancy.org_id': run.intent.org_id, 'clancy.run_id': id },
    });
    expect(JSON.stringify([own, skill])).not.toContain('the fake says');
  });

  test('of a run that people cancelled is no failure', async () => {
    const run = runOf([skillNode('slow', 'slow')], [skillGraph('slow', [{ id: 'pause', kind: 'wait', seconds: 3_600 }])]);
    const id = run.intent.run_id;
    const handle = await engine.startRun(run, () => problem(500, 'internal'));
    await waitFor(async () => (await engine.waitingOn(`${id}:skill:slow`))[0] === 'timer');
    await handle.cancel();
    await endOf(handle);
    for (const workflowId of [id, `${id}:skill:slow`]) {
      expect(spanOf(workflowId)).toMatchObject({ hasFailed: false, attributes: { 'clancy.status': 'cancelled' } });
    }
  });

  test('is not told of one whose task failed, and which goes on', async () => {
    const workflowId = runOf([skillNode('a', 'post')], [post]).intent.run_id;
    const handle = await engine.client.workflow.start('employeeRun', { workflowId, taskQueue: TASK_QUEUES.workers, args: [{}] });
    await waitFor(async () => ((await handle.describe()).raw.pendingWorkflowTask?.attempt ?? 0) > 1);
    await handle.terminate();
    expect(spanOf(workflowId)).toBeUndefined();
  });
});

describe('a workflow whose trace somebody made up', () => {
  test.each([
    ['no trace context', defaultPayloadConverter.toPayload({ traceparent: 'x' })],
    ['nothing', defaultPayloadConverter.toPayload(null)],
    ['no JSON', { metadata: { encoding: Buffer.from('json/plain') }, data: Buffer.from('{') }],
    ['an unknown encoding', { metadata: { encoding: Buffer.from('none/such') }, data: Buffer.from('x') }],
  ])('runs in one of its own: %s', async (_, payload) => {
    const run = runOf([skillNode('a', 'post')], [post]);
    const workflowId = run.intent.run_id;
    engine.services.script(workflowId, (seen) => succeed(seen, { ok: true }));
    const options = { workflowId, taskQueue: TASK_QUEUES.workers, args: [run] };
    const handle = await clientWith(payload).workflow.start('employeeRun', options);
    expect((await endOf(handle)).status).toBe('COMPLETED');
    expect(spanOf(workflowId)).toMatchObject({ parent: undefined, attributes: { 'clancy.status': 'completed' } });
  });
});
