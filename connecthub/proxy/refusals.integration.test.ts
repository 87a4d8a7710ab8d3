import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCallId, makeSkillRunId } from '../../contracts/ids.ts';
import { signRunTicket } from '../../platform/auth/run-ticket.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import { ALLOW_ALL, type CallOptions, type Office } from '../testing/office.ts';

const MESSAGE = { channel: '#billing', text: 'Invoices are out.' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

/** Posts, expects the code, no effect, no ledger entry, and a trace that names the code. */
async function expectRefused(code: string, options: CallOptions = {}, parameters: object = MESSAGE): Promise<void> {
  const callId = options.callId ?? office.callId();
  const answer = await office.call('slack.post', { ...parameters }, { ...options, callId });
  expect(answer.json).toMatchObject({ code });
  expect(answer.headers['content-type']).toContain('application/problem+json');
  expect(await office.posts()).toEqual([]);
  const { rows } = await harness.owner.query('select 1 from hub.call_keys where org_id = $1', [office.orgId]);
  expect(rows).toEqual([]);
  expect(await office.refusals(callId)).toContain(code);
}

describe('a call is refused before anything is sent, with its own code and a trace, when', () => {
  it('the call carries no ticket, or one that nobody signed', async () => {
    await expectRefused('ticket_invalid', { ticket: null });
    await expectRefused('ticket_invalid', { ticket: `${office.ticket.slice(0, -8)}AAAAAAAA` });
  });

  it('the ticket has expired', async () => {
    const ticket = await signRunTicket(harness.surroundings.signingKey, office.ticketClaims, {
      nowMs: Date.now() - 120_000,
      lifetimeSeconds: 60,
    });
    await expectRefused('ticket_invalid', { ticket });
  });

  it('the call id is none', async () => {
    const answer = await office.call('slack.post', MESSAGE, { callId: 'not-a-call-id' });
    expect(answer.json).toMatchObject({ code: 'invalid_request' });
    // Nobody knows what it was: it leaves a trace without it.
    expect(await office.refusals('-')).toEqual(['invalid_request']);
    expect(await office.posts()).toEqual([]);
  });

  it('the call id belongs to another run', async () => {
    const runId = office.runId.replace(/Z$/, 'Z~7');
    const callId = makeCallId({ skillRun: makeSkillRunId({ run: runId, node: 'digest', visit: 1 }), items: [], n: 1 });
    await expectRefused('ids_disagree', { callId });
  });

  it('ticket and token are of different organisations or employees', async () => {
    const other = await harness.office();
    await expectRefused('ids_disagree', { ticket: other.ticket });
    await expectRefused('ids_disagree', { ticket: await office.sign({ employeeId: other.employeeId }) });
    await expectRefused('ids_disagree', { ticket: await office.sign({ employeeVersion: 2 }) });
  });

  it('the ticket is signed but not the one of the run it names', async () => {
    await expectRefused('ids_disagree', { ticket: await office.sign({ planHash: 'b'.repeat(64) }) });
  });

  it('the run of the ticket was never opened', async () => {
    const runId = office.runId.replace(/Z$/, 'Z~7');
    const callId = makeCallId({ skillRun: makeSkillRunId({ run: runId, node: 'digest', visit: 1 }), items: [], n: 1 });
    await expectRefused('run_not_open', { callId, ticket: await office.sign({ runId, callScope: runId }) });
  });

  it('the run is closed', async () => {
    await harness.owner.query(`update authz.runs set status = 'closed', closed_at = now() where org_id = $1`, [office.orgId]);
    await expectRefused('run_closed');
  });

  it('the run is paused, until it is resumed', async () => {
    await harness.owner.query(`update authz.runs set paused_at = now() where org_id = $1`, [office.orgId]);
    await expectRefused('run_paused');
    await harness.owner.query(`update authz.runs set paused_at = null where org_id = $1`, [office.orgId]);
    expect((await office.call('slack.post', { channel: '#billing', text: 'Go on.' })).status).toBe(200);
  });

  it('row 19: the grant was taken away', async () => {
    await harness.owner.query(`update authz.grants set revoked_at = now() where org_id = $1`, [office.orgId]);
    await expectRefused('grant_missing');
  });

  it('the grant is over another connection', async () => {
    await expectRefused('grant_missing', { connectionId: 'conn_0123456789abcdefghjkmnpqrs' });
  });

  it("the employee's token or the ticket does not name the capability", async () => {
    await expectRefused('capability_scope_missing', { token: await office.agentTokenFor(['slack/slack.read']) });
    await expectRefused('capability_scope_missing', { ticket: await office.sign({ capabilities: ['slack/slack.read'] }) });
  });

  it('row 19: whoever started the run is no member any more', async () => {
    await harness.owner.query(`update authz.memberships set removed_at = now() where org_id = $1 and user_id = $2`, [
      office.orgId,
      office.initiator,
    ]);
    await expectRefused('membership_missing');
  });

  it('row 48: whoever started the run may no longer use writing capabilities', async () => {
    await office.addMember(office.initiator, 'viewer');
    await expectRefused('permission_missing');
  });

  it('row 19: the connection was disconnected, or the provider no longer takes it', async () => {
    const set = (status: string) =>
      harness.owner.query(`update hub.connections set status = $2 where org_id = $1`, [office.orgId, status]);
    await set('needs_reauth');
    await expectRefused('connection_needs_reauth');
    await set('disconnected');
    await expectRefused('connection_missing');
  });

  it('the connection lacks a scope', async () => {
    await harness.owner.query(`update hub.connections set scopes = array_remove(scopes, 'chat:write') where org_id = $1`, [
      office.orgId,
    ]);
    await expectRefused('scope_missing');
  });

  it('the parameters do not fit, each failing one named', async () => {
    await expectRefused('parameters_invalid', {}, { channel: 'no spaces here', text: '' });
    const answer = await office.call('slack.post', { channel: '#billing', text: 7, as_user: 'boss' });
    expect(answer.json['fields']).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ field: '/parameters/as_user' }),
        expect.objectContaining({ field: '/parameters/text' }),
      ]),
    );
  });

  it('there is no such capability, or none of its spelling', async () => {
    for (const name of ['slack.post.bulk', 'SLACK.POST', 'slack.pоst', 'slack.*']) {
      const callId = office.callId();
      expect((await office.call(encodeURIComponent(name), MESSAGE, { callId })).json).toMatchObject({
        code: 'capability_unknown',
      });
      expect(await office.refusals(callId)).toEqual(['capability_unknown']);
    }
  });

  it('the run is a rehearsal of which nobody said over which connections it reads', async () => {
    await harness.owner.query(`update authz.runs set mode = 'rehearsal' where org_id = $1`, [office.orgId]);
    await expectRefused('run_not_open', { ticket: await office.sign({ mode: 'rehearsal' }) });
  });
});

describe('policy at the moment of the call', () => {
  it('denies by a rule whose condition holds and allows by the next where it does not', async () => {
    const noShouting = { ...ALLOW_ALL[0]!, effect: 'deny' as const, when: '$uppercase(parameters.text) = parameters.text' };
    office = await harness.office({ rules: [noShouting, ...ALLOW_ALL] });
    await expectRefused('policy_denied', {}, { channel: '#billing', text: 'INVOICES!' });
    expect((await office.call('slack.post', MESSAGE)).status).toBe(200);
  });

  it('refuses when the version has no recorded policy', async () => {
    await harness.owner.query('delete from authz.policies where org_id = $1', [office.orgId]);
    await expectRefused('policy_denied');
  });
});

describe('who is not an employee', () => {
  it('gets nowhere: no token, a person, a service', async () => {
    const person = await harness.surroundings.personToken({ user_id: office.initiator, org_id: office.orgId, role: 'owner' });
    for (const token of ['x.y.z', person]) expect((await office.call('slack.post', MESSAGE, { token })).status).toBe(401);
    expect(await office.posts()).toEqual([]);
  });
});

describe('an open body', () => {
  it('is refused with what is wrong, and leaves a trace', async () => {
    const callId = office.callId();
    const answer = await harness.hub.app.inject({
      method: 'POST',
      url: '/proxy/slack/slack.post',
      headers: { authorization: `Bearer ${office.agentToken}`, 'idempotency-key': callId, 'clancy-run-ticket': office.ticket },
      payload: { connection_id: office.connectionId, parameters: MESSAGE, org_id: 'org_other' },
    });
    expect(answer.json()).toMatchObject({ code: 'invalid_request' });
    expect(await office.refusals(callId)).toEqual(['invalid_request']);
  });
});
