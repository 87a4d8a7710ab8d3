import { defaultPayloadConverter } from '@temporalio/common';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EmployeeRunInput } from '../../contracts/run.ts';
import { createRunEngine } from '../temporal/run-engine.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';
import { startTestTemporal, type TestTemporal } from '../testing/temporal.ts';
import { until } from '../testing/until.ts';

let temporal: TestTemporal;
let core: TestCore;
let workers: { stop(): Promise<void> };
let owner: TestPerson;
let employeeId: string;

beforeAll(async () => {
  temporal = await startTestTemporal();
  core = await startTestCore({ temporalAddress: temporal.server.address, loops: true });
  workers = await temporal.startWorkers(core);
  owner = await core.person('owner');
  employeeId = await hire(core.copy.url, owner);
});
afterAll(async () => {
  await workers?.stop();
  await core?.stop();
  await temporal?.stop();
});

async function start(does: string): Promise<string> {
  const accepted = await call(core.copy.url, owner, `/v1/employees/${employeeId}/runs`, { body: { input: { does } } });
  expect(accepted.status).toBe(202);
  return accepted.json.run_id;
}

const show = async (runId: string) => (await call(core.copy.url, owner, `/v1/runs/${encodeURIComponent(runId)}`)).json;
const withStatus = (runId: string, status: string) =>
  until(`${runId} is ${status}`, async () => {
    const run = await show(runId);
    return run.status === status && run;
  });

test('a run is started as a workflow with its id, and its result is recorded once', async () => {
  const runId = await start('complete');
  const run = await withStatus(runId, 'completed');
  expect(run.result).toMatchObject({ status: 'completed', result: { answer: 'nothing' }, execution_id: run.execution_id });
  expect(run.finished_at).not.toBeNull();

  const described = await temporal.client.workflow.getHandle(runId).describe();
  expect(described.memo).toMatchObject({ org_id: owner.orgId, execution_id: run.execution_id });
  expect(described.searchAttributes).toMatchObject({ OrgId: [owner.orgId], EmployeeId: [employeeId], EmployeeVersion: [1] });
});

test('terminating a run at Temporal is recorded as interrupted, and its right to make calls ends', async () => {
  const runId = await start('wait');
  await withStatus(runId, 'running');
  await temporal.client.workflow.getHandle(runId).terminate('by an operator');
  const run = await withStatus(runId, 'interrupted');
  expect(run.result.error).toContain('terminated');
});

test('a cancelled run ends in its own words', async () => {
  const runId = await start('wait');
  await withStatus(runId, 'running');
  const cancelled = await call(core.copy.url, owner, `/v1/runs/${encodeURIComponent(runId)}/cancel`, {
    body: { reason: 'enough' },
  });
  expect(cancelled.status).toBe(202);
  const run = await withStatus(runId, 'interrupted');
  expect(run.result.result).toEqual({ answer: 'cancelled' });
  const again = await call(core.copy.url, owner, `/v1/runs/${encodeURIComponent(runId)}/cancel`, { body: {} });
  expect(again.json.code).toBe('run_closed');
});

test('a run whose workflow task keeps failing says that it waits on the engine', async () => {
  const runId = await start('break');
  const run = await until(
    'engine',
    async () => {
      const shown = await show(runId);
      return shown.waiting_on.includes('engine') && shown;
    },
    40_000,
  );
  expect(run.status).toBe('running');
  await temporal.client.workflow.getHandle(runId).terminate();
});

test('a run that no worker takes says so, and goes on when one is back', async () => {
  await workers.stop();
  const runId = await start('complete');
  await until('worker', async () => (await show(runId)).waiting_on.includes('worker'), 40_000);
  const { waiting_since: since, requested_at: requestedAt } = await show(runId);
  // Times of Temporal, in whole seconds here.
  expect(Date.parse(since)).toBeGreaterThan(Date.parse(requestedAt) - 1_500);
  expect(Date.parse(since)).toBeLessThan(Date.now() - 5_000);
  workers = await temporal.startWorkers(core);
  await withStatus(runId, 'completed');
});

test('a question reaches a person and the answer reaches the run, once', async () => {
  const runId = await start('ask');
  const [asked] = await until('the question', async () => {
    const { json } = await call(core.copy.url, owner, `/v1/approvals?status=pending&run_id=${encodeURIComponent(runId)}`);
    return json.items.length > 0 && json.items;
  });
  const answers = await Promise.all(
    ['approve', 'reject', 'approve', 'reject'].map((verb) =>
      call(core.copy.url, owner, `${asked.links.self}/${verb}`, { body: {} }),
    ),
  );
  expect(answers.filter(({ status }) => status === 409)).toHaveLength(3);
  const won = answers.find(({ status }) => status === 200)!.json;
  const run = await withStatus(runId, 'completed');
  expect(run.result.result.answer).toBe(`${won.status} by ${owner.userId}`);
});

test('a forged workflow with the ticket of a run changes nothing and leaves a trace', async () => {
  const runId = await start('wait');
  await withStatus(runId, 'running');
  const input = await inputOf(runId);
  const forgedId = `${runId}~7`;
  const forged = await temporal.client.workflow.start('employeeRun', {
    workflowId: forgedId,
    taskQueue: 'agent-workers',
    args: [{ ...input, intent: { ...input.intent, trigger: { ...input.intent.trigger, payload: { does: 'complete' } } } }],
  });
  await expect(forged.result()).rejects.toThrow('Workflow execution failed');
  expect((await show(runId)).status).toBe('running');
  const traces = await core.audit(owner.orgId, 'ticket.use');
  expect(traces).toContainEqual(
    expect.objectContaining({ object_id: runId, allowed: false, details: { workflow_id: forgedId } }),
  );
  await temporal.client.workflow.getHandle(runId).terminate();
});

test('a workflow that somebody else started under the id of a run is not taken for ours', async () => {
  const runId = await start('complete');
  await withStatus(runId, 'completed');
  const input = await inputOf(runId);
  const workflowId = `${runId}~8`;
  await temporal.client.workflow.start('skillRun', { workflowId, taskQueue: 'nobody', args: [1] });
  const engine = createRunEngine({ client: temporal.client });
  const started = await engine.start(
    { ...input, intent: { ...input.intent, run_id: workflowId } },
    { employeeName: 'Ann', traceparent: null },
  );
  expect(started.isOurs).toBe(false);
  const again = await engine.start(input, { employeeName: 'Ann', traceparent: null });
  expect(again).toMatchObject({ isOurs: true });
});

test('what is accepted while Temporal is away is started once when it is back; what was cancelled is not', async () => {
  temporal.server.kill('SIGKILL');
  const accepted: string[] = [];
  for (let i = 0; i < 5; i += 1) accepted.push(await start('complete'));
  const waiting = await until('the reason', async () => {
    const run = await show(accepted[0]!);
    return run.waiting_on.length > 0 && run;
  });
  expect(waiting).toMatchObject({ status: 'requested', waiting_on: ['temporal'] });
  const dropped = accepted.pop()!;
  const cancelled = await until('the relay to let go', async () => {
    const answer = await call(core.copy.url, owner, `/v1/runs/${encodeURIComponent(dropped)}/cancel`, { body: {} });
    return answer.status === 202 && answer.json.status === 'interrupted' && answer.json;
  });
  expect(cancelled.result.error).toContain('before its start');

  await temporal.server.restart();
  for (const runId of accepted) await withStatus(runId, 'completed');
  const started = await until('visibility', async () => {
    const found: string[] = [];
    for await (const { workflowId } of temporal.client.workflow.list({ query: `EmployeeId = '${employeeId}'` }))
      found.push(workflowId);
    return accepted.every((runId) => found.includes(runId)) && found;
  });
  expect(accepted.map((runId) => started.filter((id) => id === runId).length)).toEqual([1, 1, 1, 1]);
  expect(started).not.toContain(dropped);
});

/** What the workflow was started with, ticket included: anybody who reads Temporal's history has it. */
async function inputOf(runId: string): Promise<EmployeeRunInput> {
  const { events } = await temporal.client.workflow.getHandle(runId).fetchHistory();
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  return defaultPayloadConverter.fromPayload<EmployeeRunInput>(payload!);
}
