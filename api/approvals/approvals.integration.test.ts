import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createAgentCore } from '../app.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import { insertApproval } from '../testing/insert-approval.ts';
import type { TestPerson } from '../testing/people.ts';

let core: TestCore;
let owner: TestPerson;
let employeeId: string;
let runId: string;
beforeAll(async () => {
  core = await startTestCore();
  owner = await core.person('owner');
  employeeId = await hire(core.copy.url, owner);
  runId = (await call(core.copy.url, owner, `/v1/employees/${employeeId}/runs`, { body: {} })).json.run_id;
});
afterAll(() => core.stop());

const ask = (options: Partial<Parameters<typeof insertApproval>[1]> = {}) =>
  insertApproval(core.database.ownerUrl, { orgId: owner.orgId, runId, initiatorId: owner.userId, ...options });
const decide = (person: TestPerson, approvalId: string, verb = 'approve') =>
  call(core.copy.url, person, `/v1/approvals/${approvalId}/${verb}`, { body: { reason: 'so be it' } });

test('an approver decides once: decision, message, fact and audit are written together', async () => {
  const approver = await core.person('approver', owner.orgId);
  const approvalId = await ask();
  const decided = await decide(approver, approvalId, 'reject');
  expect(decided.json).toMatchObject({ status: 'rejected', decided_by: approver.userId, reason: 'so be it' });

  const query = `select d.decided_by, d.data, d.seq = o.seq as same_seq, o.payload ->> 'decision_id' = d.decision_id::text as points_to_it
    from core.decisions d join core.outbox o on o.org_id = d.org_id and o.run_id = d.run_id and o.seq = d.seq
    where d.data ->> 'approval_id' = $1`;
  expect(await asOwner(core.database.ownerUrl, query, [approvalId])).toEqual([
    {
      decided_by: approver.userId,
      data: { approval_id: approvalId, status: 'rejected', reason: 'so be it' },
      same_seq: true,
      points_to_it: true,
    },
  ]);
  const facts = await asOwner(
    core.database.ownerUrl,
    "select data from core.facts where kind = 'ApprovalDecided' and run_id = $1",
    [runId],
  );
  expect(facts).toContainEqual({ data: { approval_id: approvalId, status: 'rejected', decided_by: approver.userId } });
  expect(await core.audit(owner.orgId, 'approval.reject')).toContainEqual(
    expect.objectContaining({ object_id: approvalId, allowed: true }),
  );

  expect((await decide(owner, approvalId)).json).toMatchObject({
    status: 409,
    code: 'approval_not_open',
    status_now: 'rejected',
  });
});

test('of many who answer at once one does', async () => {
  const approvalId = await ask();
  const answers = await Promise.all(
    Array.from({ length: 10 }, (_, i) => decide(owner, approvalId, i % 2 === 0 ? 'approve' : 'reject')),
  );
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(answers.filter(({ json }) => json.code === 'approval_not_open')).toHaveLength(9);
});

test('who may not decide is refused, and the refusal leaves a trace', async () => {
  for (const role of ['operator', 'builder', 'viewer', 'auditor'] as const) {
    const person = await core.person(role, owner.orgId);
    expect([role, (await decide(person, await ask())).json.code]).toEqual([role, 'forbidden']);
  }
  const approver = await core.person('approver', owner.orgId);
  const named = await ask({ approvers: ['user_somebody', 'role:admin'] });
  expect((await decide(approver, named)).json).toMatchObject({ status: 403, code: 'not_an_approver' });
  expect((await decide(owner, named)).json).toMatchObject({ status: 403, code: 'self_approval' });
  const traces = await core.audit(owner.orgId, 'request.refuse');
  expect(traces).toContainEqual(expect.objectContaining({ actor_id: approver.userId, details: { code: 'not_an_approver' } }));

  const admin = await core.person('admin', owner.orgId);
  expect((await decide(admin, named)).status).toBe(200);
});

test('somebody who acts as another person neither decides nor activates, and is named in the audit', async () => {
  const { http } = core.copy.core;
  const person = async (token: string) => {
    const behind = await http.verifiers.person?.(token);
    if (!behind) throw new Error('no person');
    return { ...behind, impersonatedBy: 'user_support' };
  };
  const app = await createAgentCore({ ...http, verifiers: { ...http.verifiers, person } });
  const url = await app.listen({ port: 0, host: '127.0.0.1' });
  const approvalId = await ask();
  const refused = await call(url, owner, `/v1/approvals/${approvalId}/approve`, { body: {} });
  expect(refused.json).toMatchObject({ status: 403, code: 'forbidden' });
  const activated = await call(url, owner, `/v1/employees/${employeeId}/activate`, { body: {} });
  expect(activated.json).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await call(url, owner, `/v1/employees/${employeeId}/runs`, { body: {} })).status).toBe(202);
  await app.close();
  const named = expect.objectContaining({ impersonated_by: 'user_support' });
  for (const action of ['request.refuse', 'run.start']) {
    expect(await core.audit(owner.orgId, action)).toContainEqual(
      expect.objectContaining({ actor_id: owner.userId, details: named }),
    );
  }
  expect((await decide(owner, approvalId)).status).toBe(200);
});

test('an employee cannot decide: its token is no person', async () => {
  const {
    COGNITO_CLIENT_ID: id,
    COGNITO_CLIENT_SECRET: secret,
    COGNITO_TOKEN_URL: url,
  } = core.issuers.environment.services.worker;
  const issued = await fetch(url, {
    method: 'POST',
    headers: { authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}` },
    body: new URLSearchParams({ grant_type: 'client_credentials' }),
  });
  const { access_token: token } = (await issued.json()) as { access_token: string };
  const answer = await call(core.copy.url, { token }, `/v1/approvals/${await ask()}/approve`, { body: {} });
  expect(answer.json).toMatchObject({ status: 401, code: 'unauthenticated' });
});

test('what nobody answered in time cannot be approved any more, nor what is not there', async () => {
  expect((await decide(owner, await ask({ expiresInMs: -1_000 }))).json).toMatchObject({ status: 409, code: 'approval_expired' });
  expect((await decide(owner, randomUUID())).json).toMatchObject({ status: 404, code: 'not_found' });
});

test('cancelling a run before its start closes it, drops the start and its questions', async () => {
  const approvalId = await ask();
  const cancelled = await call(core.copy.url, owner, `/v1/runs/${encodeURIComponent(runId)}/cancel`, {
    body: { reason: 'not today' },
  });
  expect(cancelled.json).toMatchObject({ status: 'interrupted', result: { error: 'Cancelled before its start: not today' } });
  expect((await decide(owner, approvalId)).json).toMatchObject({
    status: 409,
    code: 'approval_not_open',
    status_now: 'cancelled',
  });
  const unsent = "select 1 from core.outbox where run_id = $1 and kind = 'start_run' and sent_at is null";
  expect(await asOwner(core.database.ownerUrl, unsent, [runId])).toEqual([]);
  const open = "select 1 from authz.runs where run_id = $1 and status = 'open'";
  expect(await asOwner(core.database.ownerUrl, open, [runId])).toEqual([]);
});
