import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMachineVerifier } from '../../platform/auth/machine-verifier.ts';
import { signRunTicket, type RunTicketClaims } from '../../platform/auth/run-ticket.ts';
import type { ServiceName } from '../../platform/auth/principal.ts';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';
import type { TestPerson } from '../testing/people.ts';
import { serviceToken } from '../testing/service-token.ts';
import { until } from '../testing/until.ts';

let core: TestCore;
let owner: TestPerson;
let employeeId: string;
let claims: RunTicketClaims;
const services: { [name in ServiceName]?: { token: string } } = {};

beforeAll(async () => {
  // Its relay makes the employee's app client; Temporal is away.
  core = await startTestCore({ loops: true });
  owner = await core.person('owner');
  employeeId = await hire(core.copy.url, owner);
  const run = await call(core.copy.url, owner, `/v1/employees/${employeeId}/runs`, { body: {} });
  claims = {
    orgId: owner.orgId,
    employeeId,
    employeeVersion: 1,
    runId: run.json.run_id,
    callScope: run.json.run_id,
    planHash: 'hash',
    capabilities: ['slack/slack.post', 'slack/slack.read'],
    initiator: { type: 'person', id: owner.userId },
    mode: 'live',
  };
  for (const service of ['worker', 'connecthub'] as const) services[service] = await serviceToken(core, service);
  await until('the app client', async () => {
    const query = 'select m2m_client_secret from core.employees where employee_id = $1 and m2m_client_id is not null';
    return (await asOwner(core.database.ownerUrl, query, [employeeId])).length > 0;
  });
});
afterAll(() => core.stop());

const exchange = (ticket: string, service = services.worker) =>
  call(core.copy.url, service, '/internal/agent-tokens', { body: { ticket } });

test('a worker with the ticket of an open run gets a token that names what is granted', async () => {
  const answer = await exchange(await signRunTicket(core.config.SIGNING_KEY, claims));
  expect(answer.headers.get('cache-control')).toBe('no-store');
  const verifier = createMachineVerifier({
    userPoolId: core.config.COGNITO_USER_POOL_ID,
    serviceClients: core.config.COGNITO_SERVICE_CLIENTS,
    jwksUrl: core.config.COGNITO_JWKS_URL ?? '',
  });
  const agent = await verifier.verifyAgent(answer.json.access_token);
  expect(agent).toMatchObject({ orgId: owner.orgId, employeeId });
  expect(agent.capabilityScope.toSorted((a, b) => a.localeCompare(b))).toEqual(['slack/slack.post', 'slack/slack.read']);
  const revoked = await call(core.copy.url, owner, `/v1/employees/${employeeId}/grants/slack/slack.post`, { method: 'DELETE' });
  expect(revoked.status).toBe(204);
  const less = await exchange(await signRunTicket(core.config.SIGNING_KEY, claims));
  expect((await verifier.verifyAgent(less.json.access_token)).capabilityScope).toEqual(['slack/slack.read']);
});

test('the secret of the app client is sealed in the database', async () => {
  const [row] = await asOwner(core.database.ownerUrl, 'select m2m_client_secret from core.employees where employee_id = $1', [
    employeeId,
  ]);
  expect(row?.['m2m_client_secret']).toMatch(/^v1\./);
});

test.each([
  ['no ticket of ours', async () => 'nonsense', 'ticket_invalid'],
  [
    'the ticket of a run that is not there',
    async () => signRunTicket(core.config.SIGNING_KEY, { ...claims, runId: `${claims.runId}~9` }),
    'run_not_open',
  ],
  [
    'a ticket that has ended',
    async () => signRunTicket(core.config.SIGNING_KEY, claims, { nowMs: Date.now() - 7_200_000, lifetimeSeconds: 3_600 }),
    'ticket_invalid',
  ],
])('%s gives no token', async (_what, ticket, code) => {
  expect((await exchange(await ticket())).json.code).toBe(code);
});

test('a ticket alone, or with the token of another service, is worth nothing', async () => {
  const ticket = await signRunTicket(core.config.SIGNING_KEY, claims);
  expect((await exchange(ticket, services.connecthub)).json).toMatchObject({ status: 403, code: 'forbidden' });
  expect((await exchange(ticket, owner)).json).toMatchObject({ status: 401, code: 'unauthenticated' });
});

test('a decision from ConnectHub is taken over once and announced to the workflow', async () => {
  const callId = `${claims.runId}:skill:post:call:1`;
  const body = {
    decision_id: randomUUID(),
    org_id: owner.orgId,
    run_id: claims.runId,
    workflow_id: `${claims.runId}:skill:post`,
    kind: 'receipt_resolved',
    data: { call_id: callId, resolution: 'happened', resolved_by: owner.userId },
  };
  for (let i = 0; i < 2; i += 1) {
    expect((await call(core.copy.url, services.connecthub, '/internal/decisions', { body })).status).toBe(202);
  }
  const announced = "select payload from core.outbox where run_id = $1 and kind = 'signal'";
  expect(await asOwner(core.database.ownerUrl, announced, [claims.runId])).toEqual([
    { payload: { workflow_id: body.workflow_id, decision_id: body.decision_id } },
  ]);
  const elsewhere = { ...body, decision_id: randomUUID(), workflow_id: 'emp:other:skill:post' };
  expect((await call(core.copy.url, services.connecthub, '/internal/decisions', { body: elsewhere })).json.code).toBe(
    'ids_disagree',
  );
  expect((await call(core.copy.url, services.worker, '/internal/decisions', { body })).json.code).toBe('forbidden');
});

test('a decision for a skill that runs inside its run belongs to the workflow of the run', async () => {
  const [row] = await asOwner(
    core.database.ownerUrl,
    `update core.runs set intent = jsonb_set(intent, '{intent,graph_spec,nodes,0,isolation}', '"inline"') where run_id = $1
      returning intent #>> '{intent,graph_spec,nodes,0,id}' as node`,
    [claims.runId],
  );
  const skillRun = `${claims.runId}:skill:${String(row?.['node'])}`;
  const body = {
    decision_id: randomUUID(),
    org_id: owner.orgId,
    run_id: claims.runId,
    workflow_id: skillRun,
    kind: 'receipt_resolved',
    data: { call_id: `${skillRun}:call:1`, resolution: 'happened' },
  };
  expect((await call(core.copy.url, services.connecthub, '/internal/decisions', { body })).status).toBe(202);
  const recorded = 'select workflow_id from core.decisions where decision_id = $1';
  expect(await asOwner(core.database.ownerUrl, recorded, [body.decision_id])).toEqual([{ workflow_id: claims.runId }]);
});

test('what a connection has become is a fact, once, from ConnectHub alone', async () => {
  const change = {
    event_id: randomUUID(),
    org_id: owner.orgId,
    connection_id: 'conn_1',
    provider: 'slack',
    account_id: 'T1',
    account_name: 'Millrace Bindery',
    status: 'needs_reauth',
    token_kind: 'bot',
    reason: 'invalid_refresh_token',
  };
  const send = (service = services.connecthub, body: object = change) =>
    call(core.copy.url, service, '/internal/connections', { body });
  for (let i = 0; i < 2; i += 1) expect((await send()).status).toBe(202);
  const recorded = `select data from core.facts where org_id = $1 and kind = 'ConnectionChanged'`;
  const { event_id: _id, org_id: _org, ...data } = change;
  expect(await asOwner(core.database.ownerUrl, recorded, [owner.orgId])).toEqual([{ data }]);
  expect((await send(services.worker)).json.code).toBe('forbidden');
  expect((await send(services.connecthub, { ...change, status: 'gone' })).status).toBe(400);
});

test('a closed run gives no token, and the attempt leaves a trace', async () => {
  await asOwner(core.database.ownerUrl, "update authz.runs set status = 'closed' where run_id = $1", [claims.runId]);
  const refused = await exchange(await signRunTicket(core.config.SIGNING_KEY, claims));
  expect(refused.json).toMatchObject({ status: 409, code: 'run_not_open' });
  const traces = await core.audit(owner.orgId, 'agent_token.issue');
  expect(traces).toContainEqual(expect.objectContaining({ object_id: claims.runId, allowed: false }));
});
