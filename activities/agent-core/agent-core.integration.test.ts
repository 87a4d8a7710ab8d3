import { MockActivityEnvironment } from '@temporalio/testing';
import { DefaultLogger } from '@temporalio/worker';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestCore, type TestCore } from '../../api/testing/agent-core.ts';
import { asOwner } from '../../api/testing/as-owner.ts';
import { call } from '../../api/testing/call.ts';
import { hire } from '../../api/testing/hire.ts';
import type { TestPerson } from '../../api/testing/people.ts';
import { callDigest, standingDigest } from '../../contracts/digest.ts';
import type { ExecutionResult } from '../../contracts/events.ts';
import type { AgentCoreActivities, RequestApprovalInput } from '../../contracts/agent-core-activities.ts';
import type { ApprovalAsk } from '../../contracts/call.ts';
import { signRunTicket } from '../../platform/auth/run-ticket.ts';
import { createAgentCoreActivities } from './index.ts';

let core: TestCore;
let owner: TestPerson;
let employeeId: string;
let activities: AgentCoreActivities;

beforeAll(async () => {
  core = await startTestCore();
  owner = await core.person('owner');
  employeeId = await hire(core.copy.url, owner);
  activities = createAgentCoreActivities({ ...core.copy.core.activities, logger: { warn: () => undefined } });
});
afterAll(() => core.stop());

interface Run {
  runId: string;
  executionId: string;
  ticket: string;
}

async function newRun(callScope?: string): Promise<Run> {
  const { json } = await call(core.copy.url, owner, `/v1/employees/${employeeId}/runs`, { body: {} });
  const ticket = await signRunTicket(core.config.SIGNING_KEY, {
    orgId: owner.orgId,
    employeeId,
    employeeVersion: 1,
    runId: json.run_id,
    callScope: callScope ?? json.run_id,
    planHash: 'hash',
    capabilities: ['slack/slack.post'],
    initiator: { type: 'person', id: owner.userId },
    mode: 'live',
  });
  return { runId: json.run_id, executionId: json.execution_id, ticket };
}

/** Runs an activity as if this workflow had scheduled it. */
function within<I, O>(workflowId: string, activity: (input: I) => Promise<O>, input: I): Promise<O> {
  const info = { workflowExecution: { workflowId, runId: 'temporal-run' } };
  const environment = new MockActivityEnvironment(info, { logger: new DefaultLogger('ERROR', () => undefined) });
  return environment.run(activity, input);
}

function askFor({ runId }: Run, text: string): { call_id: string; ask: ApprovalAsk } {
  const call_id = `${runId}:skill:post:call:1`;
  const about = { capability: 'slack/slack.post', connection_id: 'conn_test', parameters: { channel: '#team', text } };
  const digest = callDigest({
    orgId: owner.orgId,
    callId: call_id,
    employeeVersion: 1,
    capability: about.capability,
    capabilityVersion: 1,
    connectionId: about.connection_id,
    parameters: about.parameters,
    blobHashes: [],
  });
  const manner = {
    capability_version: 1,
    account_name: 'Test',
    approvers: [],
    timeout_seconds: 60,
    on_timeout: 'reject' as const,
  };
  return { call_id, ask: { ...about, ...manner, digest, reason: 'writes are asked about' } };
}

function question(run: Run, extra: Partial<RequestApprovalInput> = {}): RequestApprovalInput {
  return {
    ticket: run.ticket,
    run_id: run.runId,
    workflow_id: `${run.runId}:skill:post`,
    request_key: 'key',
    question: 'May I?',
    details: null,
    timeout_seconds: 60,
    on_timeout: 'reject',
    approvers: [],
    ...extra,
  };
}

const refusedWith = (type: string) => expect.objectContaining({ type, nonRetryable: true });

test('a question is put once, however often it is asked', async () => {
  const run = await newRun();
  const input = question(run, { call: askFor(run, 'hello') });
  const asked = await Promise.all([1, 2, 3].map(() => within(input.workflow_id, activities.requestApproval, input)));
  expect(new Set(asked.map(({ approval_id }) => approval_id)).size).toBe(1);
  const shown = await call(core.copy.url, owner, `/v1/approvals/${asked[0]!.approval_id}`);
  expect(shown.json).toMatchObject({ status: 'pending', call: { parameters: { text: 'hello' } }, initiator_id: owner.userId });
  await call(core.copy.url, owner, `/v1/approvals/${asked[0]!.approval_id}/approve`, { body: {} });
  expect(await within(input.workflow_id, activities.requestApproval, input)).toMatchObject({ status: 'approved' });
});

test('what the approver would see must be what the digest is about', async () => {
  const run = await newRun();
  const asked = askFor(run, 'harmless');
  const input = question(run, { call: { ...asked, ask: { ...asked.ask, parameters: { channel: '#team', text: 'other' } } } });
  await expect(within(input.workflow_id, activities.requestApproval, input)).rejects.toThrow(refusedWith('approval_mismatch'));
  const foreign = askFor(await newRun(), 'harmless');
  const elsewhere = question(run, { call: foreign });
  await expect(within(input.workflow_id, activities.requestApproval, elsewhere)).rejects.toThrow(refusedWith('ids_disagree'));
});

test('a ticket serves its own run alone, and no workflow but those of the run', async () => {
  const run = await newRun();
  const other = await newRun();
  const input = question(run);
  await expect(within(`${other.runId}:skill:post`, activities.requestApproval, input)).rejects.toThrow(
    refusedWith('ids_disagree'),
  );
  const stolen = { ...input, ticket: other.ticket };
  await expect(within(input.workflow_id, activities.requestApproval, stolen)).rejects.toThrow(refusedWith('ids_disagree'));
  const nonsense = { ...input, ticket: 'nonsense' };
  await expect(within(input.workflow_id, activities.requestApproval, nonsense)).rejects.toThrow(refusedWith('ticket_invalid'));
  expect(await core.audit(owner.orgId, 'ticket.use')).toHaveLength(2);
});

test('a question ends when its time is over by the clock of the database, not before', async () => {
  const run = await newRun();
  const input = question(run);
  const { approval_id } = await within(input.workflow_id, activities.requestApproval, input);
  const expiry = { ticket: run.ticket, run_id: run.runId, approval_id };
  expect(await within(input.workflow_id, activities.expireApproval, expiry)).toEqual({ status: 'pending' });
  const past = "update authz.approvals set expires_at = now() - interval '1 second' where approval_id = $1";
  await asOwner(core.database.ownerUrl, past, [approval_id]);
  expect(await within(input.workflow_id, activities.expireApproval, expiry)).toEqual({ status: 'expired' });
});

test('a question ends by the clock of the database when that of the process is ahead', async () => {
  const run = await newRun();
  const input = question(run);
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 120_000 });
  const { approval_id } = await within(input.workflow_id, activities.requestApproval, input).finally(() => vi.useRealTimers());
  const query = "select expires_at <= now() + interval '60 seconds' as in_time from authz.approvals where approval_id = $1";
  expect(await asOwner(core.database.ownerUrl, query, [approval_id])).toEqual([{ in_time: true }]);
});

test('a decision is read by the workflow that waits for it only', async () => {
  const run = await newRun();
  const input = question(run);
  const { approval_id } = await within(input.workflow_id, activities.requestApproval, input);
  await call(core.copy.url, owner, `/v1/approvals/${approval_id}/reject`, { body: { reason: 'no' } });
  const query = 'select decision_id from core.decisions where run_id = $1';
  const [row] = await asOwner(core.database.ownerUrl, query, [run.runId]);
  const asked = { ticket: run.ticket, run_id: run.runId, decision_id: String(row?.['decision_id']) };
  expect(await within(input.workflow_id, activities.readDecision, asked)).toMatchObject({
    kind: 'approval',
    approval_id,
    status: 'rejected',
    decided_by: owner.userId,
    reason: 'no',
    seq: 2,
  });
  for (const elsewhere of [run.runId, `${run.runId}:skill:other`]) {
    await expect(within(elsewhere, activities.readDecision, asked)).rejects.toThrow(refusedWith('not_found'));
  }
  const other = await newRun();
  const foreign = { ...asked, ticket: other.ticket, run_id: other.runId };
  await expect(within(other.runId, activities.readDecision, foreign)).rejects.toThrow(refusedWith('not_found'));
});

test('what is decided about a run as a whole is read by each of its workflows, and by no other run', async () => {
  const run = await newRun();
  const path = `/v1/runs/${encodeURIComponent(run.runId)}`;
  // Asking for what is so already decides nothing.
  for (const verb of ['resume', 'pause', 'pause', 'resume'])
    expect((await call(core.copy.url, owner, `${path}/${verb}`, { body: { reason: 'look' } })).status).toBe(202);
  const query = 'select decision_id, kind from core.decisions where run_id = $1 order by seq';
  const rows = await asOwner(core.database.ownerUrl, query, [run.runId]);
  expect(rows.map(({ kind }) => kind)).toEqual(['pause', 'resume']);
  const asked = { ticket: run.ticket, run_id: run.runId, decision_id: String(rows[0]?.['decision_id']) };
  for (const workflowId of [run.runId, `${run.runId}:skill:post`]) {
    expect(await within(workflowId, activities.readDecision, asked)).toMatchObject({
      kind: 'pause',
      decided_by: owner.userId,
      reason: 'look',
    });
  }
  const other = await newRun();
  const foreign = { ...asked, ticket: other.ticket, run_id: other.runId };
  await expect(within(other.runId, activities.readDecision, foreign)).rejects.toThrow(refusedWith('not_found'));
});

test('people are reminded once per number, as long as they have not answered', async () => {
  const run = await newRun();
  const input = question(run);
  const { approval_id } = await within(input.workflow_id, activities.requestApproval, input);
  const remind = (number: number) =>
    within(input.workflow_id, activities.remindApproval, { ticket: run.ticket, run_id: run.runId, approval_id, number });
  for (const number of [1, 1, 2, 1]) expect(await remind(number)).toEqual({ status: 'pending' });
  const shown = await call(core.copy.url, owner, `/v1/approvals/${approval_id}`);
  expect(shown.json).toMatchObject({ status: 'pending', reminders: 2, reminded_at: expect.any(String) });
  const facts = "select data from core.facts where run_id = $1 and kind = 'ApprovalReminded' order by seq";
  expect(await asOwner(core.database.ownerUrl, facts, [run.runId])).toEqual(
    [1, 2].map((number) => ({ data: { approval_id, number } })),
  );
  await call(core.copy.url, owner, `/v1/approvals/${approval_id}/reject`, { body: { reason: 'no' } });
  expect(await remind(3)).toEqual({ status: 'rejected', decided_by: owner.userId, reason: 'no' });
  const other = await newRun();
  const foreign = { ticket: other.ticket, run_id: other.runId, approval_id, number: 1 };
  await expect(within(other.runId, activities.remindApproval, foreign)).rejects.toThrow(refusedWith('not_found'));
});

test('what an approver changed reaches the workflow by each way that the answer can take', async () => {
  const run = await newRun();
  const asked = askFor(run, 'first');
  const input = question(run, { call: asked });
  const { approval_id } = await within(input.workflow_id, activities.requestApproval, input);
  const parameters = { channel: '#team', text: 'edited' };
  const approved = await call(core.copy.url, owner, `/v1/approvals/${approval_id}/approve`, { body: { parameters } });
  expect(approved.json).toMatchObject({ status: 'approved', call: { digest: askFor(run, 'edited').ask.digest } });
  const [row] = await asOwner(core.database.ownerUrl, 'select decision_id from core.decisions where run_id = $1', [run.runId]);
  const about = { ticket: run.ticket, run_id: run.runId };
  const decision = { ...about, decision_id: String(row?.['decision_id']) };
  const answers = [
    await within(input.workflow_id, activities.readDecision, decision),
    await within(input.workflow_id, activities.expireApproval, { ...about, approval_id }),
    await within(input.workflow_id, activities.requestApproval, input),
  ];
  for (const answer of answers) expect(answer).toMatchObject({ status: 'approved', parameters });
});

test('a yes that an earlier run of the chain did not use in time is not taken for the answer of the next', async () => {
  const first = await newRun();
  const about = askFor(first, 'again');
  const input = question(first, { call: about });
  const { approval_id } = await within(input.workflow_id, activities.requestApproval, input);
  await call(core.copy.url, owner, `/v1/approvals/${approval_id}/approve`, { body: {} });
  const next = await newRun(first.runId);
  const again = question(next, { call: about });
  const ask = () => within(again.workflow_id, activities.requestApproval, again);
  expect(await ask()).toMatchObject({ approval_id, status: 'approved' });
  const past = "update authz.approvals set expires_at = now() - interval '1 second' where approval_id = $1";
  await asOwner(core.database.ownerUrl, past, [approval_id]);
  const anew = await ask();
  expect(anew).toMatchObject({ status: 'pending' });
  expect(anew.approval_id).not.toBe(approval_id);
});

test('a question about what stands is bound to what is shown of it, and to what is asked for', async () => {
  const run = await newRun();
  const { call_id, ask } = askFor(run, 'now');
  const stands = { capability: 'slack/slack.post', parameters: { channel: '#team', text: 'before' } };
  const digest = standingDigest({ orgId: owner.orgId, callId: call_id, askedDigest: ask.digest, stands });
  const put = (about: { digest: string; stands: typeof stands }) => {
    const input = question(run, { call: { call_id, ask: { ...ask, digest: about.digest }, stands: about.stands } });
    return within(input.workflow_id, activities.requestApproval, input);
  };
  const changed = { ...stands, parameters: { channel: '#team', text: 'now' } };
  for (const forged of [
    { digest, stands: changed },
    { digest: ask.digest, stands },
  ]) {
    await expect(put(forged)).rejects.toThrow(refusedWith('approval_mismatch'));
  }
  const { approval_id } = await put({ digest, stands });
  const shown = await call(core.copy.url, owner, `/v1/approvals/${approval_id}`);
  expect(shown.json).toMatchObject({ stands, call: { parameters: ask.parameters, digest } });
});

function resultOf(run: Run, extra: Partial<ExecutionResult> = {}): ExecutionResult {
  return {
    event_id: randomUUID(),
    schema_version: 1,
    type: 'executionResult',
    org_id: owner.orgId,
    employee_id: employeeId,
    execution_id: run.executionId,
    run_id: run.runId,
    timestamp: new Date().toISOString(),
    status: 'completed',
    result: {},
    skills_executed: [],
    execution_time_ms: 1,
    capabilities_used: [],
    hierarchical_events: [],
    ...extra,
  };
}

test('a result is recorded once, with the end of the rights and of the questions of its run', async () => {
  const run = await newRun();
  const asked = question(run);
  const { approval_id } = await within(asked.workflow_id, activities.requestApproval, asked);
  const input = { ticket: run.ticket, workflow_id: run.runId, temporal_run_id: 'temporal-run', result: resultOf(run) };
  await within(run.runId, activities.recordRunResult, input);
  await within(run.runId, activities.recordRunResult, { ...input, result: resultOf(run, { status: 'failed' }) });
  const shown = await call(core.copy.url, owner, `/v1/runs/${encodeURIComponent(run.runId)}`);
  expect(shown.json).toMatchObject({ status: 'completed', result: { event_id: input.result.event_id } });
  const facts = "select kind from core.facts where run_id = $1 and kind like 'Run%' order by seq";
  expect(await asOwner(core.database.ownerUrl, facts, [run.runId])).toEqual([{ kind: 'RunRequested' }, { kind: 'RunCompleted' }]);
  const rights = 'select status from authz.runs where run_id = $1';
  expect(await asOwner(core.database.ownerUrl, rights, [run.runId])).toEqual([{ status: 'closed' }]);
  expect((await call(core.copy.url, owner, `/v1/approvals/${approval_id}`)).json.status).toBe('cancelled');
});

test.each([
  ['of another execution', (run: Run) => resultOf(run, { execution_id: randomUUID() })],
  ['of another organisation', (run: Run) => resultOf(run, { org_id: 'org_other' })],
])('a result %s is refused', async (_which, make) => {
  const run = await newRun();
  const input = { ticket: run.ticket, workflow_id: run.runId, temporal_run_id: 'temporal-run', result: make(run) };
  await expect(within(run.runId, activities.recordRunResult, input)).rejects.toThrow(refusedWith('ids_disagree'));
});

test('a result of another execution under the same id is refused', async () => {
  const run = await newRun();
  await asOwner(core.database.ownerUrl, "update core.runs set temporal_run_id = 'the-one-started' where run_id = $1", [
    run.runId,
  ]);
  const input = { ticket: run.ticket, workflow_id: run.runId, temporal_run_id: 'temporal-run', result: resultOf(run) };
  await expect(within(run.runId, activities.recordRunResult, input)).rejects.toThrow(refusedWith('ids_disagree'));
});
