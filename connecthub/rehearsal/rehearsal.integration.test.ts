import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCallId, makeRunId, makeSkillRunId } from '../../contracts/ids.ts';
import type { PolicyRule } from '../../contracts/policy.ts';
import type { RehearsedApprovals, RehearsedCall } from '../../contracts/rehearsal.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import { ALLOW_ALL, type CallOptions, type Office } from '../testing/office.ts';

const MESSAGE = { channel: '#billing', text: 'Invoices are out.' };
const ASK: PolicyRule = {
  ...ALLOW_ALL[0]!,
  effect: 'require_approval',
  approvers: ['user_katrin'],
  reason: 'Katrin wants to know.',
};
const DENY: PolicyRule = { ...ALLOW_ALL[0]!, effect: 'deny', reason: 'Nobody posts.' };

let harness: HubHarness;
let office: Office;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
});

interface Rehearsal {
  runId: string;
  ticket: string;
  call(capability: string, parameters: object, n?: number, more?: CallOptions): ReturnType<Office['call']>;
  calls(): Promise<RehearsedCall[]>;
}

interface Asked {
  readsFrom?: string;
  approvals?: RehearsedApprovals;
  /** Mode of the run's row, where it is not what the ticket says. */
  rowMode?: 'live';
}

/** Another run of the office's employee, as Agent-Core would write a rehearsal. */
async function rehearsal(
  of: Office,
  { readsFrom, approvals = { answer: 'approve', capabilities: {} }, rowMode }: Asked = {},
): Promise<Rehearsal> {
  const { orgId, employeeId, connectionId } = of;
  const runId = makeRunId({ employee: employeeId, version: 1, at: new Date().toISOString(), twin: 9 });
  await harness.owner.query(
    `insert into authz.runs (org_id, run_id, employee_id, version, execution_id, call_scope, initiator_type, initiator_id, mode, plan_hash)
     values ($1, $2, $3, 1, $4, $2, 'person', $5, $6, $7)`,
    [orgId, runId, employeeId, randomUUID(), of.initiator, rowMode ?? 'rehearsal', of.ticketClaims.planHash],
  );
  await harness.owner.query(
    'insert into authz.rehearsals (org_id, run_id, connections, approvals, reads_from) values ($1, $2, $3, $4, $5)',
    [orgId, runId, JSON.stringify({ slack: connectionId }), JSON.stringify(approvals), readsFrom ?? null],
  );
  const ticket = await of.sign({ runId, callScope: runId, mode: 'rehearsal' });
  return {
    runId,
    ticket,
    call: (capability, parameters, n = 1, more = {}) =>
      of.call(capability, { ...parameters }, { callId: callOf(runId, n), ticket, ...more }),
    calls: async () => {
      const answer = await of.asPerson('GET', `/rehearsals/${encodeURIComponent(runId)}/calls`);
      return answer.json['items'] as RehearsedCall[];
    },
  };
}

const callOf = (run: string, n: number) =>
  makeCallId({ skillRun: makeSkillRunId({ run, node: 'digest', visit: 1 }), items: [], n });
const requests = () => harness.surroundings.sandbox.requests(office.team);
const rows = async (query: string) => (await harness.owner.query(query, [office.orgId])).rows;

describe('in a rehearsal', () => {
  it('a call that changes something is answered, and neither sent nor kept as if it were real', async () => {
    const before = (await requests()).length;
    const run = await rehearsal(office);
    const answer = await run.call('slack.post', MESSAGE);
    expect(answer).toMatchObject({
      status: 200,
      json: { status: 'succeeded', rehearsed: true, result: { channel: '#billing', ts: expect.stringMatching(/^\d+\.\d{6}$/) } },
    });
    expect(await office.posts()).toEqual([]);
    expect(await requests()).toHaveLength(before);
    for (const table of ['hub.call_keys', 'hub.receipts', 'hub.budget_use', 'authz.approvals']) {
      expect([table, await rows(`select 1 from ${table} where org_id = $1`)]).toEqual([table, []]);
    }
    expect(await run.calls()).toMatchObject([
      { capability: 'slack/slack.post', risk: 'write', parameters: MESSAGE, answered_by: 'schema', question: null, error: null },
    ]);
    expect(await rows("select 1 from hub.rehearsal_calls where org_id = $1 and parameters like '%Invoices%'")).toEqual([]);
  });

  it('the same call gets the same answer, and one with other parameters under its id none', async () => {
    const run = await rehearsal(office);
    const [one, other] = await Promise.all([run.call('slack.post', MESSAGE), run.call('slack.post', MESSAGE)]);
    expect(other.json['result']).toEqual(one.json['result']);
    expect((await run.call('slack.post', { ...MESSAGE, text: 'Other.' })).json).toMatchObject({ code: 'call_digest_conflict' });
    expect(await run.calls()).toHaveLength(1);
  });

  it('a result has the form of an earlier real one, under an id of its own', async () => {
    const real = await office.call('slack.post', MESSAGE);
    const run = await rehearsal(office);
    const { json } = await run.call('slack.post', { ...MESSAGE, text: 'Again.' });
    const { ts } = real.json['result'] as { ts: string };
    const made = json['result'] as { ts: string };
    expect(made.ts).toMatch(/^\d+\.\d{6}$/);
    expect(made.ts).not.toBe(ts);
    expect(await run.calls()).toMatchObject([{ answered_by: 'receipt', basis: real.json['call_id'] }]);
    expect(await office.posts()).toHaveLength(1);
  });

  it('people are asked nothing: who would be is noted, and their answer is what was said', async () => {
    office = await harness.office({ rules: [ASK] });
    const yes = await rehearsal(office);
    expect((await yes.call('slack.post', MESSAGE)).status).toBe(200);
    const question = { approvers: ['user_katrin'], reason: 'Katrin wants to know.' };
    expect(await yes.calls()).toMatchObject([{ question: { ...question, answer: 'approve' }, error: null }]);
    await harness.owner.query(`update authz.runs set status = 'closed' where org_id = $1 and run_id = $2`, [
      office.orgId,
      yes.runId,
    ]);
    office = await harness.office({ rules: [ASK] });
    const no = await rehearsal(office, { approvals: { answer: 'approve', capabilities: { 'slack/slack.post': 'reject' } } });
    expect((await no.call('slack.post', MESSAGE)).json).toMatchObject({ code: 'policy_denied' });
    expect((await no.call('slack.post', MESSAGE)).json).toMatchObject({ code: 'policy_denied' });
    expect(await no.calls()).toMatchObject([
      { question: { ...question, answer: 'reject' }, answered_by: 'nobody', error: { code: 'policy_denied' } },
    ]);
    expect(await rows('select 1 from authz.approvals where org_id = $1')).toEqual([]);
  });

  it('what would be refused is refused, and shown', async () => {
    office = await harness.office({ rules: [DENY] });
    const run = await rehearsal(office);
    expect((await run.call('slack.post', MESSAGE)).json).toMatchObject({ code: 'policy_denied' });
    expect((await run.call('slack.post', { channel: '#billing' }, 2)).json).toMatchObject({ code: 'parameters_invalid' });
    expect(await run.calls()).toMatchObject([{ error: { code: 'policy_denied' } }, { error: { code: 'parameters_invalid' } }]);
  });

  it('a read goes to the provider over the connection of the rehearsal, granted or not, and its receipt says so', async () => {
    await harness.owner.query('update authz.grants set revoked_at = now() where org_id = $1', [office.orgId]);
    const run = await rehearsal(office);
    expect((await run.call('slack.channels.list', {})).status).toBe(200);
    expect(await run.calls()).toMatchObject([{ capability: 'slack/slack.channels.list', answered_by: 'provider' }]);
    expect(await rows('select mode from hub.receipts where org_id = $1')).toEqual([{ mode: 'rehearsal' }]);
    // Elsewhere the grant that was taken away is still gone.
    expect((await office.call('slack.channels.list', {})).json).toMatchObject({ code: 'grant_missing' });
    expect((await run.call('slack.channels.list', {}, 2, { connectionId: randomUUID() })).json).toMatchObject({
      code: 'grant_missing',
    });
  });

  it('a read that an earlier run made is answered by what that run read', async () => {
    const live = await office.call('slack.channels.list', {});
    const before = (await requests()).length;
    const run = await rehearsal(office, { readsFrom: office.runId });
    const answer = await run.call('slack.channels.list', {}, 7);
    expect(answer.json).toMatchObject({ rehearsed: true, result: live.json['result'] });
    expect(await requests()).toHaveLength(before);
    expect(await run.calls()).toMatchObject([{ answered_by: 'recorded', basis: live.json['call_id'] }]);
  });

  it('a read about something that it only made up asks no provider', async () => {
    const run = await rehearsal(office);
    const posted = (await run.call('slack.post', MESSAGE)).json['result'] as { ts: string };
    const before = (await requests()).length;
    const thread = await run.call('slack.thread.read', { channel: '#billing', thread_ts: posted.ts }, 2);
    expect(thread).toMatchObject({ status: 200, json: { rehearsed: true } });
    expect(await requests()).toHaveLength(before);
  });
});

describe('a rehearsal cannot become real, nor the other way round:', () => {
  const refused = async (answer: ReturnType<Office['call']>) => {
    expect((await answer).json).toMatchObject({ code: 'ids_disagree' });
    expect(await office.posts()).toEqual([]);
  };

  it('its run takes no live ticket, and no live run takes its ticket', async () => {
    const run = await rehearsal(office);
    await refused(run.call('slack.post', MESSAGE, 1, { ticket: await office.sign({ runId: run.runId, callScope: run.runId }) }));
    await refused(office.call('slack.post', MESSAGE, { ticket: await office.sign({ mode: 'rehearsal' }) }));
  });

  it('its ticket is good for no call of another run', async () => {
    const run = await rehearsal(office);
    await refused(office.call('slack.post', MESSAGE, { ticket: run.ticket }));
  });

  it('the ticket decides, whatever Agent-Core has written', async () => {
    const run = await rehearsal(office, { rowMode: 'live' });
    await refused(run.call('slack.post', MESSAGE));
  });

  it('a closed one answers nothing more', async () => {
    const run = await rehearsal(office);
    await harness.owner.query(`update authz.runs set status = 'closed' where org_id = $1`, [office.orgId]);
    expect((await run.call('slack.post', MESSAGE)).json).toMatchObject({ code: 'run_closed' });
  });

  it('nobody else sees what it showed', async () => {
    const run = await rehearsal(office);
    await run.call('slack.post', MESSAGE);
    const stranger = await harness.office();
    const seen = await stranger.asPerson('GET', `/rehearsals/${encodeURIComponent(run.runId)}/calls`);
    expect(seen.json['items']).toEqual([]);
  });
});
