import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { callDigest } from '../../contracts/digest.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import { insertApproval } from '../testing/insert-approval.ts';
import type { TestPerson } from '../testing/people.ts';

const ASKED = { channel: '#team', text: 'Pay 100.' };
const EDITED = { channel: '#team', text: 'Pay 10.' };

let core: TestCore;
let owner: TestPerson;
let runId: string;
beforeAll(async () => {
  core = await startTestCore();
  owner = await core.person('owner');
  const employeeId = await hire(core.copy.url, owner);
  runId = (await call(core.copy.url, owner, `/v1/employees/${employeeId}/runs`, { body: {} })).json.run_id;
});
afterAll(() => core.stop());

function digestOf(callId: string, parameters: typeof ASKED): string {
  const about = { orgId: owner.orgId, callId, employeeVersion: 1, capability: 'slack/slack.post', capabilityVersion: 1 };
  return callDigest({ ...about, connectionId: 'conn_test', parameters, blobHashes: [] });
}

/** An approval of a call, as `requestApproval` writes it. */
async function askAboutCall(more: { callId?: string; stands?: object; approvers?: string[]; parameters?: typeof ASKED } = {}) {
  const { callId = `${runId}:skill:post:call:${Math.ceil(Math.random() * 1e8)}`, parameters = ASKED } = more;
  const approvers = more.approvers ?? [];
  const approvalId = await insertApproval(core.database.ownerUrl, {
    orgId: owner.orgId,
    runId,
    initiatorId: owner.userId,
    approvers,
  });
  await asOwner(
    core.database.ownerUrl,
    `update authz.approvals set call_id = $2, digest = $3, capability = 'slack/slack.post', capability_version = 1,
       connection_id = 'conn_test', parameters = $4, stands = $5 where approval_id = $1`,
    [
      approvalId,
      callId,
      digestOf(callId, parameters),
      JSON.stringify(parameters),
      more.stands ? JSON.stringify(more.stands) : null,
    ],
  );
  return { approvalId, callId };
}

const approve = (approvalId: string, parameters: unknown, person = owner) =>
  call(core.copy.url, person, `/v1/approvals/${approvalId}/approve`, { body: { parameters } });

test('an approver changes the parameters and approves in one step: bound to the new digest, with who and what before', async () => {
  const { approvalId, callId } = await askAboutCall();
  const { json } = await approve(approvalId, EDITED);
  const digests = { before: digestOf(callId, ASKED), after: digestOf(callId, EDITED) };
  expect(json).toMatchObject({
    status: 'approved',
    decided_by: owner.userId,
    call: { parameters: EDITED, digest: digests.after },
    proposed: { parameters: ASKED, digest: digests.before },
  });
  expect(await core.audit(owner.orgId, 'approval.approve')).toContainEqual(
    expect.objectContaining({
      object_id: approvalId,
      actor_id: owner.userId,
      details: { run_id: runId, digest: digests.after, proposed_digest: digests.before },
    }),
  );
  const told = "select data from core.decisions where data ->> 'approval_id' = $1";
  expect(await asOwner(core.database.ownerUrl, told, [approvalId])).toEqual([
    { data: { approval_id: approvalId, status: 'approved', parameters: EDITED } },
  ]);
  expect((await approve(approvalId, ASKED)).json).toMatchObject({ code: 'approval_not_open' });
});

test('the same parameters in another order are no edit', async () => {
  const { approvalId } = await askAboutCall();
  const { json } = await approve(approvalId, { text: ASKED.text, channel: ASKED.channel });
  expect(json).toMatchObject({ status: 'approved', proposed: null });
});

test('parameters that do not fit the capability are refused at once, and the question stays open', async () => {
  const { approvalId } = await askAboutCall();
  const { json } = await approve(approvalId, { ...EDITED, cc: 'everybody' });
  expect(json).toMatchObject({ status: 400, code: 'parameters_invalid', fields: [{ field: '/parameters/cc' }] });
  expect((await approve(approvalId, [1])).json).toMatchObject({ code: 'invalid_request' });
  expect((await approve(approvalId, { ...EDITED, text: 'x'.repeat(70_000) })).json).toMatchObject({ code: 'payload_too_large' });
  expect((await call(core.copy.url, owner, `/v1/approvals/${approvalId}`)).json).toMatchObject({
    status: 'pending',
    proposed: null,
  });
});

test('an edit waits for no ConnectHub that is away: that compares again before anything is sent', async () => {
  const { approvalId } = await askAboutCall();
  const { catalogue } = core.hub;
  core.hub.catalogue = {} as typeof catalogue;
  const { json } = await approve(approvalId, EDITED);
  core.hub.catalogue = catalogue;
  expect(json).toMatchObject({ status: 'approved', call: { parameters: EDITED } });
});

test('what runs nothing has no parameters to change, nor may anybody change what they may not decide', async () => {
  const question = await insertApproval(core.database.ownerUrl, { orgId: owner.orgId, runId });
  const standing = await askAboutCall({ stands: { parameters: ASKED } });
  for (const id of [question, standing.approvalId])
    expect((await approve(id, EDITED)).json).toMatchObject({ code: 'invalid_request' });
  const named = await askAboutCall({ approvers: ['user_somebody'] });
  const approver = await core.person('approver', owner.orgId);
  expect((await approve(named.approvalId, { cc: 1 }, approver)).json).toMatchObject({ status: 403, code: 'not_an_approver' });
  expect((await approve(named.approvalId, EDITED)).json).toMatchObject({ status: 403, code: 'self_approval' });
});

test('a call is approved with the same parameters once', async () => {
  const first = await askAboutCall();
  await approve(first.approvalId, EDITED);
  const again = await askAboutCall({ callId: first.callId });
  expect((await approve(again.approvalId, EDITED)).json).toMatchObject({ status: 409, code: 'conflict' });
  expect((await approve(again.approvalId, undefined)).json).toMatchObject({ status: 'approved' });
});

const decide = (decisions: object[], options: { key?: string; person?: TestPerson } = {}) =>
  call(core.copy.url, options.person ?? owner, '/v1/approvals/decide', {
    body: { decisions },
    ...(options.key !== undefined && { key: options.key }),
  });

test('of many that are decided at once each stands alone, and has its own answer in its place', async () => {
  const [plain, edited, rejected, named, late] = await Promise.all([
    askAboutCall(),
    askAboutCall(),
    askAboutCall(),
    askAboutCall({ approvers: ['user_somebody'] }),
    insertApproval(core.database.ownerUrl, { orgId: owner.orgId, runId, expiresInMs: -1_000 }),
  ]);
  const missing = randomUUID();
  const { status, json } = await decide([
    { approval_id: missing, decision: 'approved' },
    { approval_id: plain.approvalId, decision: 'approved' },
    { approval_id: named.approvalId, decision: 'approved' },
    { approval_id: edited.approvalId, decision: 'approved', parameters: EDITED },
    { approval_id: late, decision: 'rejected' },
    { approval_id: rejected.approvalId, decision: 'rejected', reason: 'no' },
  ]);
  expect(status).toBe(200);
  expect(json.results).toMatchObject([
    { approval_id: missing, status: 404, code: 'not_found' },
    { approval_id: plain.approvalId, status: 200, approval: { status: 'approved', proposed: null } },
    { approval_id: named.approvalId, status: 403, code: 'self_approval' },
    { status: 200, approval: { status: 'approved', call: { parameters: EDITED } } },
    { approval_id: late, status: 409, code: 'approval_expired' },
    { status: 200, approval: { status: 'rejected', reason: 'no' } },
  ]);
  const refused = expect.objectContaining({ details: { code: 'self_approval', approval_id: named.approvalId } });
  expect(await core.audit(owner.orgId, 'request.refuse')).toContainEqual(refused);
});

test('a repetition of many gets the first answer; after a crash in between it finds its own words and goes on', async () => {
  const asked = await Promise.all([askAboutCall(), askAboutCall(), askAboutCall()]);
  const decisions = asked.map(({ approvalId }) => ({ approval_id: approvalId, decision: 'approved', reason: 'fine' }));
  // The crash: one was decided, and no answer was stored.
  await call(core.copy.url, owner, `/v1/approvals/${asked[0].approvalId}/approve`, { body: { reason: 'fine' } });
  const [one, two] = await Promise.all([decide(decisions, { key: 'many' }), decide(decisions, { key: 'many' })]);
  expect(one.json.results.map(({ status }: { status: number }) => status)).toEqual([200, 200, 200]);
  expect(two.text).toBe(one.text);
  expect((await decide(decisions.slice(1), { key: 'many' })).json).toMatchObject({ code: 'idempotency_key_reused' });
  const query = `select count(*)::int as n from core.decisions where data ->> 'approval_id' = any($1)`;
  expect(await asOwner(core.database.ownerUrl, query, [asked.map(({ approvalId }) => approvalId)])).toEqual([{ n: 3 }]);
  const other = await core.person('admin', owner.orgId);
  expect((await decide(decisions, { person: other })).json.results[0]).toMatchObject({ status: 409, code: 'approval_not_open' });
  expect((await decide(Array.from({ length: 101 }, () => decisions[0]!))).json).toMatchObject({ code: 'invalid_request' });
});

test('approvals are listed by employee', async () => {
  const { approvalId } = await askAboutCall();
  const employeeId = runId.slice('emp:'.length, 'emp:'.length + 26);
  const { json } = await call(core.copy.url, owner, `/v1/approvals?employee_id=${employeeId}&status=pending&limit=1`);
  expect(json.items).toMatchObject([{ approval_id: approvalId, reminders: 0, reminded_at: null }]);
  const other = await hire(core.copy.url, owner);
  expect((await call(core.copy.url, owner, `/v1/approvals?employee_id=${other}`)).json.items).toEqual([]);
});
