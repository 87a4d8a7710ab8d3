import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createOrgContextSigner } from '../../platform/auth/org-context.ts';
import { createConnectHub } from '../app.ts';
import { budgetsOf } from '../testing/budgets.ts';
import { counted, createUsed, type Used } from '../testing/counted.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { HubCopy } from '../testing/hub-copy.ts';
import type { Office } from '../testing/office.ts';

const POST = { channel: '#billing', text: 'Once.' };

let harness: HubHarness;
let office: Office;
let hub: HubCopy;
let used: Used;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
  used = createUsed();
  const parts = { ...harness.hub.parts, database: counted(harness.hub.parts.database, used) };
  const app = await createConnectHub(parts);
  hub = { app, parts, close: () => app.close() };
  await office.call('slack.post', POST, { hub });
  Object.assign(used, createUsed());
});

const ofOrg = async (query: string) => (await harness.owner.query(query, [office.orgId])).rows;
/** All that a call leaves, without what differs from call to call. */
const traces = async () => ({
  keys: await ofOrg(`select to_jsonb(k) - '{call_id,digest,native_key,created_at,updated_at,deadline,result,provider_effect_id}'::text[] as row
    from hub.call_keys k where org_id = $1 order by created_at`),
  receipts:
    await ofOrg(`select to_jsonb(r) - '{call_id,digest,created_at,updated_at,latency_ms,provider_effect_id,attempts}'::text[]
    || jsonb_build_object('attempts', jsonb_array_length(attempts), 'first', attempts->0->>'outcome') as row
    from hub.receipts r where org_id = $1 order by created_at`),
  audit:
    await ofOrg(`select to_jsonb(a) - '{audit_id,at,object_id}'::text[] #- '{details,digest}' || jsonb_build_object('has_digest', details ? 'digest') as row
    from hub.audit a where org_id = $1 and object_type = 'call' order by at`),
});

describe('a call whose like was made before', () => {
  it('begins and ends in one round trip each, and leaves what the first one left', async () => {
    expect((await office.call('slack.post', POST, { hub })).json).toMatchObject({ status: 'succeeded', replayed: false });
    expect(used).toEqual({ changes: 0, reads: 0, atOnce: 2 });
    const { keys, receipts, audit } = await traces();
    expect([keys.length, receipts.length, audit.length]).toEqual([2, 2, 4]);
    expect(keys[1]).toEqual(keys[0]);
    expect(receipts[1]).toEqual(receipts[0]);
    expect(audit.slice(2)).toEqual(audit.slice(0, 2));
    expect(await office.posts()).toHaveLength(2);
    await budgetsOf(harness.owner, office).assertCounted();
  });

  it.each([
    ['a right taken away', `update authz.grants set revoked_at = now() where org_id = $1`, 'grant_missing'],
    ['a person who left', `update authz.memberships set removed_at = now() where org_id = $1`, 'membership_missing'],
    ['a run that ended', `update authz.runs set status = 'closed' where org_id = $1`, 'run_closed'],
    ['a pause', `update authz.runs set paused_at = now() where org_id = $1`, 'run_paused'],
    [
      'another policy',
      `update authz.policies set rules = jsonb_set(rules, '{0,effect}', '"deny"') where org_id = $1`,
      'policy_denied',
    ],
    ['a quota', `insert into authz.quotas (org_id, effects_per_day, set_by) values ($1, 1, 'boss')`, 'quota_exceeded'],
    ['a dead grant', `update hub.connections set status = 'needs_reauth' where org_id = $1`, 'connection_needs_reauth'],
    [
      "a provider's wish",
      `insert into hub.provider_limits (org_id, connection_id, capability, until, reason)
       select org_id, connection_id, '', now() + interval '1 hour', 'ratelimited' from hub.connections where org_id = $1`,
      'provider_rate_limited',
    ],
  ])('is stopped by %s', async (_what, change, code) => {
    await harness.owner.query(change, [office.orgId]);
    expect((await office.call('slack.post', POST, { hub })).json).toMatchObject({ code });
    expect(used.atOnce).toBe(1);
    expect((await traces()).keys).toHaveLength(1);
    expect(await office.posts()).toHaveLength(1);
  });

  it('is stopped by a budget that is set, and by one that is used up', async () => {
    const budgets = budgetsOf(harness.owner, office);
    await budgets.set({ effects_per_run: 2 });
    expect((await office.call('slack.post', POST, { hub })).json).toMatchObject({ status: 'succeeded' });
    expect((await office.call('slack.post', POST, { hub })).json).toMatchObject({ code: 'budget_exceeded' });
    await budgets.assertCounted();
    expect(await office.posts()).toHaveLength(2);
  });

  it('is made once by however many ask for it at once, and answered with its result after that', async () => {
    const callId = office.callId();
    const answers = await Promise.all(Array.from({ length: 6 }, () => office.call('slack.post', POST, { hub, callId })));
    expect(answers.filter(({ json }) => json['replayed'] === false)).toHaveLength(1);
    expect((await office.call('slack.post', POST, { hub, callId })).json).toMatchObject({ status: 'succeeded', replayed: true });
    expect(await office.posts()).toHaveLength(2);
    await budgetsOf(harness.owner, office).assertCounted();
  });
});

describe('the functions that begin and end a call', () => {
  let raw: Client;
  beforeAll(async () => {
    raw = new Client({ connectionString: harness.surroundings.database.hubUrl });
    await raw.connect();
  });
  afterAll(() => raw.end());
  const sign = (orgId: string) => createOrgContextSigner(harness.surroundings.database.orgContextKey)(orgId);
  const begin = (signed: string, facts: object) =>
    raw.query(`select outcome from hub.begin_call($1, $2, '{}', '{}', '{}', '{}', '{}', 1, '{}', '{}', '{}', '{}', '{}', '{}')`, [
      signed,
      JSON.stringify(facts),
    ]);
  const finish = (signed: string, facts: object) =>
    raw.query<{ done: boolean }>('select hub.finish_call($1, $2, null) as done', [signed, JSON.stringify(facts)]);

  it('want a signed organisation, whatever else is set', async () => {
    for (const setting of [office.orgId, `${office.orgId}|9999999999|${'0'.repeat(64)}`, '']) {
      await raw.query(`select set_config('app.call_org', $1, false)`, [office.orgId]);
      await expect(begin(setting, {})).rejects.toMatchObject({ code: 'CL003' });
      await expect(finish(setting, {})).rejects.toMatchObject({ code: 'CL003' });
    }
    expect((await raw.query('select from hub.call_keys')).rowCount).toBe(0);
    await expect(raw.query(`select hub.enter_for_call('x')`)).rejects.toMatchObject({ code: '42501' });
    await expect(raw.query('set role hub_calls')).rejects.toMatchObject({ code: '42501' });
  });

  it('touch nothing of another organisation', async () => {
    const other = await harness.office();
    for (const standing of [null, '', '-,-,-,-,-,-,-']) {
      const facts = { run_id: office.runId, risk: 'write', key: office.callId(), standing };
      expect((await begin(sign(other.orgId), facts)).rows).toEqual([{ outcome: 'changed' }]);
    }
    const [row] = await ofOrg('select call_id, fence, owner, created_at from hub.call_keys where org_id = $1');
    await harness.owner.query(`update hub.call_keys set state = 'in_flight' where org_id = $1`, [office.orgId]);
    const mine = { ...row, key: row.call_id, details: {}, attempt: {}, actor_id: 'x', source: 'x' };
    expect((await finish(sign(other.orgId), mine)).rows).toEqual([{ done: false }]);
    expect((await finish(sign(office.orgId), { ...mine, fence: 2 })).rows).toEqual([{ done: false }]);
    expect((await finish(sign(office.orgId), { ...mine, owner: 'another' })).rows).toEqual([{ done: false }]);
    expect((await finish(sign(office.orgId), mine)).rows).toEqual([{ done: true }]);
  });
});
