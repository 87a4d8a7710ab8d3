import { sql } from 'drizzle-orm';
import { expect } from 'vitest';
import { budgetsOf } from '../../connecthub/testing/budgets.ts';
import { call, type Ground } from './ground.ts';
import { startLoad } from './load.ts';
import { keys, killedKeys } from './rotator.ts';
import { dataKeys, keysOfRows, setToken, tokenOf } from './sealed.ts';

const PER_SECOND = 50;
const OFFICES = 3;
/** One run of each makes the calls of all minutes, which are more than a run may make by itself. */
const BUDGET = { effects_per_run: 1_000_000, effects_per_day: 1_000_000 };

/**
 * Acceptance: both kinds of keys are rotated while calls are made, the command is killed again and again and run by two
 * operators at once. No call fails; in the end everything is sealed with new keys, and the ones before are refused.
 */
export async function rotatesUnderLoad(ground: Ground, kills: number, random: () => number): Promise<void> {
  const { harness, urls } = ground;
  const offices = await Promise.all(Array.from({ length: OFFICES }, () => harness.office()));
  for (const one of offices) await budgetsOf(harness.owner, one).set(BUDGET);
  const office = offices[0]!;
  const { orgId, connectionId } = office;
  const [before] = await dataKeys(harness.owner, orgId);
  const old = await tokenOf(harness.owner, connectionId);
  const load = startLoad(ground, offices, PER_SECOND);

  let killed = 0;
  for (let n = 0; n < kills; n += 1) {
    const flags = n % 3 === 2 ? ['rotate'] : ['rotate', '--org', orgId];
    if ((await killedKeys(ground, random() * 400, ...flags)) === 'killed') killed += 1;
  }
  // Two operators at once, and the other kind besides.
  const [first, second, rewrapped] = await Promise.all([
    keys(ground, 'rotate', '--org', orgId),
    keys(ground, 'rotate', '--org', orgId),
    keys(ground, 'rotate'),
  ]);
  const { calls, perSecond, repeated, failed } = await load.stop();
  const rate = `${calls} calls, ${perSecond.toFixed(1)} a second, ${repeated} of them repeats`;
  process.stdout.write(`${rate}; ${failed.length} failed; ${killed} kills\n`);
  expect(failed).toEqual([]);
  expect(repeated).toBeGreaterThan(calls / 20);
  expect(killed).toBeGreaterThan(0);

  expect(first['key']).toBe(second['key']);
  expect(rewrapped['unreadable']).toEqual([]);
  const [inUse, ...others] = await dataKeys(harness.owner, orgId);
  expect(inUse).toEqual({ kid: first['key'], kek: 'next', retired: false });
  // A command that was not killed in time has brought in a key of its own.
  expect(others).toContainEqual({ kid: before?.kid, kek: 'next', retired: true });
  for (const { kek, retired } of others) expect([kek, retired]).toEqual(['next', true]);
  expect(others.length).toBeLessThanOrEqual(1 + kills - killed);
  expect(await keysOfRows(harness.owner, orgId)).toEqual([inUse?.kid]);
  const { rows } = await harness.owner.query(`select 1 from hub.data_keys where kek <> 'next'`);
  expect(rows).toEqual([]);

  // A copy that sealed with the key before and comes to commit it now has to seal again.
  const late = harness.hub.parts.database.withOrg(
    { orgId, actor: { type: 'system', id: 'late' }, source: 'late' },
    async (tx) => {
      await tx.db.execute(sql`update hub.connections set access_token = ${old} where org_id = ${orgId}`);
      tx.audit({ action: 'connection.refresh', objectType: 'connection', objectId: connectionId, allowed: true });
    },
  );
  await expect(late).rejects.toMatchObject({ code: 'dependency_unavailable' });

  // The same secret as it was sealed before: its key is retired.
  const sealed = await tokenOf(harness.owner, connectionId);
  await setToken(harness.owner, connectionId, old);
  const list = { capability: 'slack.channels.list', parameters: {} };
  const refused = await call(urls[0]!, office, { callId: office.callId(), ...list });
  expect(refused).toMatchObject({ status: 500, body: { code: 'internal' } });
  await setToken(harness.owner, connectionId, sealed);
  expect((await call(urls[0]!, office, { callId: office.callId(), ...list })).status).toBe(200);
}
