import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { planHash } from '../../contracts/digest.ts';
import { makeCallId, makeRunId, makeSkillRunId, parseRunId } from '../../contracts/ids.ts';
import type { EmployeeRunInput } from '../../contracts/run.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { createRunTicketVerifier, signRunTicket } from '../../platform/auth/run-ticket.ts';
import { parseSigningKey, publicJwks } from '../../platform/auth/signing-key.ts';
import { openGround, type Ground, type Office } from './ground.ts';
import { postingGraph } from './poster.ts';

let ground: Ground;
let office: Office;
/** An employee whose policy allows its post: nothing but the checks under test stands in the way. */
let patient: string;
let quick: string;
let asking: string;

beforeAll(async () => {
  ground = await openGround();
  office = await ground.openOffice();
  patient = await office.hire({ effect: 'allow', waits: 'before' });
  quick = await office.hire({ effect: 'allow' });
  asking = await office.hire({ effect: 'require_approval' });
});
afterAll(() => ground.close());

/** A run id of the same employee that Agent-Core never gave. */
function inventedRun(of: string): string {
  const { employee, version } = parseRunId(of)!;
  return makeRunId({ employee, version, at: '2020-01-01T00:00:00.000Z' });
}

/** The copied input as another run, which would post at once. */
function asRun({ plan, intent, ticket }: EmployeeRunInput, runId: string, text: string): EmployeeRunInput {
  return {
    intent: { ...intent, run_id: runId },
    plan: { ...plan, skill_graphs: { sg_test_post_v1: postingGraph(text) } },
    ticket,
  };
}

function callOf(run: string, n: number): string {
  return makeCallId({ skillRun: makeSkillRunId({ run, node: 'write', visit: 1 }), items: [], n });
}

async function agentToken(ticket: string): Promise<string> {
  const answer = (await (await ground.exchange(ticket)).json()) as { access_token: string };
  return answer.access_token;
}

async function codeOf(answer: Response): Promise<unknown> {
  return ((await answer.json()) as { code?: unknown }).code;
}

function verify(ticket: string) {
  return createRunTicketVerifier(publicJwks(parseSigningKey(ground.stack.stack.keys.signingKey)))(ticket);
}

function untilDenied(action: string, objectId: string, code?: string) {
  const isIt = async () =>
    (await office.denials()).some(
      (row) => row.action === action && row.object_id === objectId && (code === undefined || row.code === code),
    );
  return waitUntil(isIt, { timeoutMs: 10_000, what: `an audit row that refuses ${action} of ${objectId}` });
}

/** Another process writes its log in its own time. */
async function untilLogged(name: Parameters<typeof ground.log>[0], text: string): Promise<void> {
  const isLogged = async () => (await ground.log(name)).includes(text);
  await waitUntil(isLogged, { timeoutMs: 10_000, what: `${name} to log ${text}` });
}

describe('a workflow started straight at Temporal', () => {
  it('does nothing with the ticket of another run that is open', async () => {
    const open = await office.startWaiting(patient, 'later', 'timer');
    const input = await ground.copyInput(open);
    const forged = inventedRun(open);

    expect(await ground.forge('employeeRun', forged, asRun(input, forged, 'copied ticket'))).toBe('ids_disagree');

    expect(await office.texts()).not.toContain('copied ticket');
    await untilDenied('ticket.use', open);
  });

  it('does nothing with a ticket that somebody else has signed', async () => {
    const input = await ground.copyInput(await office.startWaiting(patient, 'later', 'timer'));
    const forged = inventedRun(input.intent.run_id);
    const key = parseSigningKey(JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
    const run = asRun(input, forged, 'invented ticket');
    const claims = { runId: forged, callScope: forged, planHash: planHash(run.plan, run.intent.graph_spec) };
    const ticket = await signRunTicket(key, { ...claimsOf(await verify(input.ticket)), ...claims });

    expect(await ground.forge('employeeRun', forged, { ...run, ticket })).toBe('ticket_invalid');

    expect(await office.texts()).not.toContain('invented ticket');
    await untilLogged('api', '"route":"/internal/agent-tokens","refused":"ticket_invalid"');
  });

  it('does nothing with the ticket of a closed run, under its very id', async () => {
    const closed = await office.finish(quick, 'the only post');
    const input = await ground.copyInput(closed);
    const again = asRun(input, closed, 'closed ticket');
    const [node] = again.intent.graph_spec.nodes;
    again.intent.graph_spec.nodes = [{ ...node!, id: 'again' }];

    expect(await ground.forge('employeeRun', closed, again)).toBe('ids_disagree');
    await ground.forge('employeeRun', closed, input);

    expect((await office.texts()).filter((text) => text === 'the only post')).toHaveLength(1);
    expect(await office.texts()).not.toContain('closed ticket');
    expect((await office.org.as('admin').runs.get(closed)).status).toBe('completed');
    await untilLogged('worker', `"refused":"ids_disagree","workflow_id":"${closed}"`);
  });

  it.each([
    ['with a plan of its own', true],
    ['with the copied plan and an input of its own', false],
  ])('does nothing, and leaves a trace, as a skill of an open run %s', async (_what, isOwnPlan) => {
    const open = await office.startWaiting(patient, 'later', 'timer');
    const { intent, plan, ticket } = await ground.copyInput(open);
    const skillRun = makeSkillRunId({ run: open, node: 'write', visit: 2 });
    const text = 'copied by a skill';
    const input = {
      org_id: intent.org_id,
      employee_id: intent.employee_id,
      employee_version: 1,
      execution_id: intent.execution_id,
      run_id: open,
      call_scope: open,
      graph_spec: intent.graph_spec,
      node: intent.graph_spec.nodes[0]!,
      visit: 2,
      input: {},
      trigger: { ...intent.trigger, payload: { text } },
      plan: isOwnPlan ? { ...plan, skill_graphs: { sg_test_post_v1: postingGraph(text) } } : plan,
      ticket,
      max_calls: 1,
    };

    expect(await ground.forge('skillRun', skillRun, input)).toBe('ids_disagree');

    expect(await office.texts()).not.toContain(text);
    await untilLogged('worker', `"refused":"ids_disagree","workflow_id":"${skillRun}"`);
  });
});

describe("the worker's own token", () => {
  it('is no use at the proxy', async () => {
    const open = await office.startWaiting(patient, 'later', 'timer');
    const { ticket, plan } = await ground.copyInput(open);
    const call = { callId: callOf(open, 1), ticket, connection: plan.connections['slack']!, text: 'service token' };

    const answer = await ground.call(await ground.workerToken(), call);

    expect([answer.status, await codeOf(answer)]).toEqual([401, 'unauthenticated']);
    expect(await office.texts()).not.toContain('service token');
    await untilLogged('connecthub', '"objectId":"POST /proxy/:provider/:capability","code":"unauthenticated"');
  });

  it("gives no employee's token without a ticket", async () => {
    const answer = await ground.exchange(undefined);

    expect([answer.status, await codeOf(answer)]).toEqual([400, 'invalid_request']);
    await untilLogged('api', '"service":"worker","route":"/internal/agent-tokens","refused":"invalid_request"');
  });

  it("gives no employee's token for the ticket of a closed run", async () => {
    const closed = await office.finish(quick, 'before the exchange');
    const { ticket } = await ground.copyInput(closed);

    expect(await codeOf(await ground.exchange(ticket))).toBe('run_not_open');

    await untilDenied('agent_token.issue', closed, 'run_not_open');
  });
});

describe('a call at ConnectHub', () => {
  it("is refused with a ticket of another organisation's run", async () => {
    const own = await office.startWaiting(patient, 'later', 'timer');
    const other = await ground.openOffice();
    const foreign = await other.startWaiting(await other.hire({ effect: 'allow', waits: 'before' }), 'later', 'timer');
    const ownInput = await ground.copyInput(own);
    const { ticket, plan } = await ground.copyInput(foreign);
    const callId = callOf(foreign, 1);

    const answer = await ground.call(await agentToken(ownInput.ticket), {
      callId,
      ticket,
      connection: plan.connections['slack']!,
      text: 'foreign ticket',
    });

    expect(await codeOf(answer)).toBe('ids_disagree');
    expect([...(await office.texts()), ...(await other.texts())]).not.toContain('foreign ticket');
    await untilDenied('call.refuse', callId, 'ids_disagree');
  });

  it('is refused when a parameter was changed after the approval, and goes out as approved', async () => {
    const { processes } = ground.stack.stack;
    const run = await office.startWaiting(asking, 'as approved', 'approval:');
    const { ticket, plan } = await ground.copyInput(run);
    const person = office.org.as('admin');
    const [approval] = (await person.approvals.list({ run_id: run })).items;
    const callId = callOf(run, 1);
    const bearer = await agentToken(ticket);
    // Without a worker nobody uses the approval before we do.
    await processes.worker.stop();
    await person.approvals.approve(approval!.approval_id);
    const changed = { callId, ticket, connection: plan.connections['slack']!, text: 'as changed' };
    const answer = await ground.call(bearer, changed);
    await processes.worker.restart();

    expect(await codeOf(answer)).toBe('approval_mismatch');
    await untilDenied('call.refuse', callId, 'approval_mismatch');
    const isOver = async () => (await person.runs.get(run)).status === 'completed';
    await waitUntil(isOver, { timeoutMs: 40_000, what: 'the run to go on as approved', everyMs: 100 });
    const texts = await office.texts();
    expect(texts).not.toContain('as changed');
    expect(texts.filter((text) => text === 'as approved')).toHaveLength(1);
  });

  it('is refused when the grant was taken away while the run waited, approved or not', async () => {
    const employee = await office.hire({ effect: 'require_approval' });
    const run = await office.startWaiting(employee, 'without a grant', 'approval:');
    const person = office.org.as('admin');
    const [approval] = (await person.approvals.list({ run_id: run })).items;

    await person.grants.revoke(employee, { provider: 'slack', capability: 'slack.post' });
    await person.approvals.approve(approval!.approval_id);

    const isOver = async () => (await person.runs.get(run)).finished_at != null;
    await waitUntil(isOver, { timeoutMs: 40_000, what: 'the run to end', everyMs: 100 });
    expect(await person.runs.get(run)).toMatchObject({ status: 'failed', error_code: 'grant_missing' });
    expect(await office.texts()).not.toContain('without a grant');
    await untilDenied('call.refuse', callOf(run, 1), 'grant_missing');
  });
});

function claimsOf({ issuedAtMs: _issued, expiresAtMs: _expires, ...claims }: Awaited<ReturnType<typeof verify>>) {
  return claims;
}
