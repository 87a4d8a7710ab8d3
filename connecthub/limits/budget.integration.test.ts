import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { budgetsOf, type Budgets } from '../testing/budgets.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { Office } from '../testing/office.ts';

const POST = { channel: '#billing', text: 'Once.' };
const ONE = { 'run effects': 1, 'employee_day effects': 1, 'organisation_day effects': 1 };

let harness: HubHarness;
let office: Office;
let budgets: Budgets;
beforeAll(async () => {
  harness = await hubHarness();
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await harness.office();
  budgets = budgetsOf(harness.owner, office);
});
// What is counted is what the ledger's calls have reserved, whatever a test did.
afterEach(() => budgets.assertCounted());

const keysOf = async (callId: string) =>
  (await harness.owner.query('select state from hub.call_keys where org_id = $1 and call_id = $2', [office.orgId, callId])).rows;

describe.each([
  {
    field: '/budget/effects_per_run',
    code: 'budget_exceeded',
    allow: (n: number) => budgets.set({ effects_per_run: n }),
    frees: false,
  },
  {
    field: '/budget/effects_per_day',
    code: 'budget_exceeded',
    allow: (n: number) => budgets.set({ effects_per_day: n }),
    frees: true,
  },
  { field: '/quota/effects_per_day', code: 'quota_exceeded', allow: (n: number) => budgets.setQuota(n), frees: true },
])('$field', ({ field, code, allow, frees }) => {
  it('refuses the effect that it has no room for, says why, stores no key, and lets the same id pass once raised', async () => {
    await allow(1);
    expect((await office.call('slack.post', POST)).status).toBe(200);
    const callId = office.callId();
    const refused = await office.call('slack.post', POST, { callId });
    expect(refused.json).toMatchObject({
      status: 403,
      code,
      fields: [{ field, message: '1 of 1 used' }],
      limit: { most: '1', used: '1', needed: '1', unit: 'effects' },
      next: expect.stringMatching(/raise it/),
    });
    const tomorrow = new Date(Math.floor(Date.now() / 86_400_000) * 86_400_000 + 86_400_000).toISOString();
    expect((refused.json['limit'] as { frees_at?: string }).frees_at).toBe(frees ? tomorrow : undefined);
    expect(refused.headers['retry-after'] !== undefined).toBe(frees);
    expect(await keysOf(callId)).toEqual([]);
    expect(await office.refusals(callId)).toEqual([code]);
    await allow(2);
    expect((await office.call('slack.post', POST, { callId })).json).toMatchObject({ status: 'succeeded' });
    expect(await office.posts()).toHaveLength(2);
  });

  it('counts no read and no repeat', async () => {
    await allow(1);
    const callId = office.callId();
    await office.call('slack.post', POST, { callId });
    expect((await office.call('slack.post', POST, { callId })).json).toMatchObject({ replayed: true });
    expect((await office.call('slack.read', { channel: '#billing' })).status).toBe(200);
    expect(await budgets.used()).toEqual(ONE);
  });

  it('row 50: lets one of two copies have the last unit', async () => {
    await allow(3);
    const other = await harness.copy();
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, i) => office.call('slack.post', POST, { hub: i % 2 === 0 ? harness.hub : other })),
    );
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(3);
    for (const { json } of answers.filter(({ status }) => status !== 200))
      expect(json).toMatchObject({ code, fields: [{ field }] });
    expect(await office.posts()).toHaveLength(3);
  });
});

describe('a reservation', () => {
  const inject = (fault: object) =>
    harness.surroundings.sandbox.inject({ team: office.team, method: 'chat.postMessage', ...fault } as Parameters<
      typeof harness.surroundings.sandbox.inject
    >[0]);
  /** A connection that cannot look back: without an answer the outcome stays unknown. */
  const blind = () =>
    harness.owner.query(`update hub.connections set scopes = array_remove(scopes, 'channels:history') where org_id = $1`, [
      office.orgId,
    ]);
  const resolve = (callId: string, resolution: string) =>
    office.asPerson('POST', `/receipts/${encodeURIComponent(callId)}/resolve`, { body: { resolution } });

  it('is returned where the provider did nothing, and made anew by the next attempt', async () => {
    const callId = office.callId();
    await inject({ kind: 'status', status: 429, retry_after: 7 });
    await office.call('slack.post', POST, { callId });
    expect(await budgets.used()).toEqual({});
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', POST, { callId })).status).toBe(200);
    expect(await budgets.used()).toEqual(ONE);
  });

  it('is returned to the day it was made on, and made anew on the day of the next attempt', async () => {
    const callId = office.callId();
    await inject({ kind: 'reset', when: 'before' });
    await office.call('slack.post', POST, { callId });
    const [day] = (await harness.owner.query(`select (now() at time zone 'UTC')::date::text as today`)).rows;
    await harness.owner.query(`update hub.call_keys set reserved_on = reserved_on - 1 where org_id = $1`, [office.orgId]);
    await harness.owner.query(`update hub.budget_use set period = (period::date - 1)::text where org_id = $1 and kind <> 'run'`, [
      office.orgId,
    ]);
    await harness.passTime(office.orgId);
    expect(await budgets.used()).toEqual({});
    await office.call('slack.post', POST, { callId });
    const used = `select distinct period from hub.budget_use where org_id = $1 and kind <> 'run' and used > 0`;
    expect((await harness.owner.query(used, [office.orgId])).rows).toEqual([{ period: day.today }]);
  });

  it('is held while nobody knows, and settled or returned by what is found', async () => {
    for (const [when, used] of [
      ['before', {}],
      ['after', ONE],
    ] as const) {
      await inject({ kind: 'reset', when });
      const callId = office.callId();
      expect((await office.call('slack.post', POST, { callId })).json).toMatchObject({ code: 'call_settling' });
      expect(await budgets.used()).toEqual(ONE);
      await harness.passTime(office.orgId);
      expect(await budgets.used()).toEqual(used);
    }
  });

  it.each([
    ['happened', ONE],
    ['did_not_happen', {}],
  ] as const)('is held while unknown, until a person says that it %s', async (resolution, used) => {
    await blind();
    await inject({ kind: 'reset', when: 'after' });
    const callId = office.callId();
    await office.call('slack.post', POST, { callId });
    await harness.passTime(office.orgId);
    expect((await office.call('slack.post', POST, { callId })).json).toMatchObject({ code: 'outcome_unknown' });
    expect(await budgets.used()).toEqual(ONE);
    expect((await resolve(callId, resolution)).status).toBe(200);
    expect(await budgets.used()).toEqual(used);
  });

  it('is held by a call whose process died, and returned once it is found that nothing was sent', async () => {
    const callId = office.callId();
    await inject({ kind: 'reset', when: 'before' });
    await office.call('slack.post', POST, { callId });
    await harness.owner.query(`update hub.call_keys set state = 'in_flight', owner = 'gone' where org_id = $1`, [office.orgId]);
    expect(await budgets.used()).toEqual(ONE);
    await harness.passTime(office.orgId);
    expect(await keysOf(callId)).toEqual([{ state: 'refused' }]);
    expect(await budgets.used()).toEqual({});
  });
});
