import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestCore, type TestCore } from '../testing/agent-core.ts';
import { asOwner } from '../testing/as-owner.ts';
import { call } from '../testing/call.ts';
import { hire } from '../testing/hire.ts';

let core: TestCore;
beforeAll(async () => {
  core = await startTestCore();
});
afterAll(() => core.stop());

const put = (body: unknown, headers: Record<string, string> = {}) => ({ method: 'PUT' as const, body, headers });

describe('the quota of an organisation', () => {
  it('is the default until somebody sets it, for what ConnectHub reads, with an audit row', async () => {
    const owner = await core.person('owner');
    const before = await call(core.copy.url, owner, '/v1/quotas');
    const calls = { calls_per_minute: 30_000, calls_at_once: 500 };
    expect(before.json).toEqual({ effects_per_day: 100_000, ...calls, set_by: null, updated_at: null });
    const etag = before.headers.get('etag') ?? '';
    const set = await call(
      core.copy.url,
      owner,
      '/v1/quotas',
      put({ effects_per_day: 5, calls_at_once: 7 }, { 'if-match': etag }),
    );
    expect(set.json).toMatchObject({ effects_per_day: 5, ...calls, calls_at_once: 7, set_by: owner.userId });
    expect((await call(core.copy.url, owner, '/v1/quotas')).json).toEqual(set.json);
    expect(await core.audit(owner.orgId, 'quota.set')).toMatchObject([{ details: { effects_per_day: 5 } }]);
    const query = 'select effects_per_day, calls_at_once from authz.quotas where org_id = $1';
    expect(await asOwner(core.database.ownerUrl, query, [owner.orgId])).toEqual([{ effects_per_day: 5, calls_at_once: 7 }]);
    const stale = await call(core.copy.url, owner, '/v1/quotas', put({ effects_per_day: 9 }, { 'if-match': etag }));
    expect(stale.json).toMatchObject({ status: 409, code: 'version_conflict' });
    const neighbour = await core.person('owner');
    expect((await call(core.copy.url, neighbour, '/v1/quotas')).json).toMatchObject({ set_by: null });
  });

  it('is read by members and set by owners and admins, within reason', async () => {
    const owner = await core.person('owner');
    const operator = await core.person('operator', owner.orgId);
    expect((await call(core.copy.url, operator, '/v1/quotas')).status).toBe(200);
    expect((await call(core.copy.url, operator, '/v1/quotas', put({ effects_per_day: 5 }))).status).toBe(403);
    for (const wrong of [
      { effects_per_day: -1 },
      { effects_per_day: 1.5 },
      { effects_per_day: 1e12 },
      { effects_per_day: 1, calls_at_once: 0 },
      {},
    ]) {
      expect((await call(core.copy.url, owner, '/v1/quotas', put(wrong))).status).toBe(400);
    }
  });
});

describe('the budget of an employee', () => {
  const activate = (person: Parameters<typeof call>[1], id: string, budget: object) =>
    call(core.copy.url, person, `/v1/employees/${id}/activate`, { body: { budget } });

  it('is set at activation, part by part, and stands for its later versions', async () => {
    const owner = await core.person('owner');
    const id = await hire(core.copy.url, owner);
    const permissions = () => call(core.copy.url, owner, `/v1/employees/${id}/permissions`);
    expect((await permissions()).json.budget).toMatchObject({ effects_per_run: 2_000, money_per_day: { '*': '100000' } });
    const first = await activate(owner, id, { effects_per_day: 7, money_per_day: { USD: '1250.50' } });
    const budget = { effects_per_run: 2_000, effects_per_day: 7, money_per_day: { USD: '1250.50' } };
    expect(first.json).toMatchObject({ status: 'active', budget });
    const second = await activate(owner, id, { effects_per_run: 3 });
    expect(second.json.budget).toEqual({ ...budget, effects_per_run: 3 });
    expect((await call(core.copy.url, owner, `/v1/employees/${id}/activate`, { body: {} })).json.budget).toEqual(
      second.json.budget,
    );
    expect((await permissions()).json.budget).toEqual(second.json.budget);
    const rows = await asOwner(core.database.ownerUrl, 'select budget, set_by from authz.budgets where org_id = $1', [
      owner.orgId,
    ]);
    expect(rows).toEqual([{ budget: second.json.budget, set_by: owner.userId }]);
    expect(await core.audit(owner.orgId, 'budget.set')).toHaveLength(2);
  });

  it.each([
    { effects_per_day: -1 },
    { money_per_day: { usd: '1' } },
    { money_per_day: { USD: '-1' } },
    { money_per_day: { USD: 1 } },
    { money_per_day: { USD: '1.0000001' } },
    { anything: 1 },
  ])('is refused when it is none: %j', async (budget) => {
    const owner = await core.person('owner');
    expect((await activate(owner, await hire(core.copy.url, owner), budget)).json).toMatchObject({ code: 'invalid_request' });
  });
});
