import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHubDatabase, type HubDatabase, type OrgScope } from '../../db/client.ts';
import { testDatabase, testOrgId, type TestDatabase } from '../../test/database.ts';
import type { Rate } from './rate.ts';
import { queueForShares, takeShares } from './shares.ts';

let test: TestDatabase;
let database: HubDatabase;
let owner: Client;
beforeAll(async () => {
  test = await testDatabase();
  database = createHubDatabase({ url: test.hubUrl, orgContextKey: test.orgContextKey, logger: { warn: () => {} } });
  owner = new Client({ connectionString: test.ownerUrl });
  await owner.connect();
}, 120_000);
afterAll(async () => {
  await Promise.all([database.close(), owner.end()]);
  await test.drop();
});

const HOUR_MS = 3_600_000;
const rate = (changes: Partial<Rate> = {}): Rate => ({
  connectionId: 'conn_1',
  key: 'requests',
  name: 'requests',
  units: 1,
  most: 3,
  perMs: HOUR_MS,
  marginMs: 0,
  ...changes,
});
const newScope = (): OrgScope => ({ orgId: testOrgId(), actor: { type: 'system', id: 'test' }, source: 'test' });
const take = async (scope: OrgScope, rates: Rate[], inTurn = false) =>
  (await database.withOrg(scope, (tx) => takeShares(tx, rates, inTurn))) === 'taken';
const queue = (scope: OrgScope, rates: Rate[], patienceMs: number) =>
  database.withOrg(scope, (tx) => queueForShares(tx, rates, patienceMs));
const later = (orgId: string, ms: number) =>
  owner.query(
    `update hub.rate_shares set last_slot = last_slot - $2::bigint / slot_ms, queued_until = queued_until - $3::interval,
       sent_away_until = sent_away_until - $3::interval where org_id = $1`,
    [orgId, ms, `${ms} milliseconds`],
  );

describe('shares of a rate', () => {
  it('are given out until there is no room, however many ask at once, and anew when the window has passed', async () => {
    const scope = newScope();
    const asked = await Promise.all(Array.from({ length: 12 }, () => take(scope, [rate()])));
    expect(asked.filter(Boolean)).toHaveLength(3);
    await later(scope.orgId, HOUR_MS - 2 * (HOUR_MS / 20));
    expect(await take(scope, [rate()])).toBe(false);
    await later(scope.orgId, 3 * (HOUR_MS / 20));
    expect(await take(scope, [rate()])).toBe(true);
  });

  it('are taken of all rates or of none, by units', async () => {
    const scope = newScope();
    const wide = rate({ key: 'wide', most: 10, units: 4 });
    expect(await take(scope, [wide, rate({ units: 3 })])).toBe(true);
    expect(await take(scope, [wide, rate()])).toBe(false);
    expect(await take(scope, [wide])).toBe(true);
    expect(await take(scope, [wide])).toBe(false);
  });

  it('come back with the transaction that took them', async () => {
    const scope = newScope();
    const all = rate({ units: 3 });
    const failing = database.withOrg(scope, async (tx) => {
      await takeShares(tx, [all], false);
      throw new Error('not after all');
    });
    await expect(failing).rejects.toThrow('not after all');
    expect(await take(scope, [all])).toBe(true);
  });

  it('belong to one organisation, connection and key', async () => {
    const scope = newScope();
    const all = rate({ units: 3 });
    for (const [who, what] of [
      [scope, all],
      [scope, { ...all, connectionId: 'conn_2' }],
      [scope, { ...all, key: 'other' }],
      [newScope(), all],
    ] as const)
      expect(await take(who, [what])).toBe(true);
    expect(await take(scope, [all])).toBe(false);
  });

  it('leave no rows behind for ever', async () => {
    const scope = newScope();
    for (const key of ['#a', '#b', '#c']) await take(scope, [rate({ key })]);
    await later(scope.orgId, 2 * HOUR_MS);
    await take(scope, [rate({ key: '#d' })]);
    const { rows } = await owner.query('select key from hub.rate_shares where org_id = $1', [scope.orgId]);
    expect(rows).toEqual([{ key: '#d' }]);
  });
});

describe('whoever finds no room', () => {
  const short = rate({ most: 1, perMs: 1_000 });

  it('queues, one behind the other, and newcomers come behind them', async () => {
    const scope = newScope();
    await take(scope, [short]);
    const [first, second] = [await queue(scope, [short], 5_000), await queue(scope, [short], 5_000)];
    expect(first).toMatchObject({ isQueued: true, rate: short });
    expect(second?.waitMs).toBeGreaterThan((first?.waitMs ?? 0) + 800);
    await later(scope.orgId, (first?.waitMs ?? 0) + 100);
    expect(await take(scope, [short])).toBe(false);
    expect(await take(scope, [short], true)).toBe(true);
  });

  it('is sent away where it would take longer, each until another moment', async () => {
    const scope = newScope();
    const hourly = rate({ most: 60, units: 60 });
    await take(scope, [hourly]);
    const one = { ...hourly, units: 1 };
    const turns = [await queue(scope, [one], 2_000), await queue(scope, [one], 2_000)];
    expect(turns).toMatchObject([{ isQueued: false }, { isQueued: false }]);
    // Nobody queues, so the room is for whoever comes when there is some.
    await later(scope.orgId, HOUR_MS + HOUR_MS / 20);
    expect(await take(scope, [one])).toBe(true);
  });

  it('spreads over the time that those before it need', async () => {
    const scope = newScope();
    const full = rate({ most: 60, units: 60, perMs: 60_000 });
    await take(scope, [full]);
    const one = { ...full, units: 1 };
    const waits = [];
    for (let n = 0; n < 3; n += 1) waits.push((await queue(scope, [one], 2_000))?.waitMs ?? 0);
    const [first = 0, second = 0, third = 0] = waits;
    expect([second - first, third - second].every((apart) => apart > 800 && apart <= 1_000)).toBe(true);
  });

  it('is told of the limit that makes it wait the longest', async () => {
    const scope = newScope();
    const [minute, hour] = [rate({ key: 'a minute', most: 1, perMs: 60_000 }), rate({ key: 'an hour', most: 1 })];
    await take(scope, [minute, hour]);
    expect(await queue(scope, [minute, hour], 2_000)).toMatchObject({ isQueued: false, rate: hour });
  });
});
