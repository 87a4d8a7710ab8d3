import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { makeCallId, makeRunId, makeSkillRunId } from '../../contracts/ids.ts';
import { testOrgId } from '../../test/database.ts';
import { insertConnection } from '../../test/rows.ts';
import { assertWithinHorizon, CALL_KEY_HORIZON_DAYS, KEEP_DAYS } from '../limits/horizon.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import { cleanPast } from './clean.ts';

const DAY_MS = 86_400_000;
const RETENTION_DAYS = 800;
const EMPLOYEE = '0'.repeat(26);

let harness: HubHarness;
let removed: { [what: string]: number };

beforeAll(async () => {
  harness = await hubHarness();
});
afterAll(() => harness.close());
beforeEach(() => {
  removed = {};
});

async function clean(): Promise<void> {
  await cleanPast({
    database: harness.hub.parts.database,
    logger: { info: () => undefined },
    metrics: { cleaned: (what, rows) => (removed[what] = (removed[what] ?? 0) + rows) },
    receiptRetentionDays: RETENTION_DAYS,
  });
}

const daysAgo = (days: number): Date => new Date(Date.now() - days * DAY_MS);
const scopeAt = (days: number): string => makeRunId({ employee: EMPLOYEE, version: 1, at: daysAgo(days).toISOString() });
const callOf = (scope: string, n = 1): string =>
  makeCallId({ skillRun: makeSkillRunId({ run: scope, node: 'post', visit: 1 }), items: [], n });

async function insertKey(
  orgId: string,
  connectionId: string,
  key: { callId: string; state: string; madeDays: number },
): Promise<void> {
  await harness.owner.query(
    `insert into hub.call_keys (org_id, call_id, digest, capability, capability_version, connection_id, employee_id,
       run_id, risk, idempotency, state, owner, deadline, native_key, created_at)
     values ($1, $2, '', 'slack/slack.post', 1, $3, 'e', 'r', 'write', 'none', $4, 'copy', now() + interval '1 day', '', $5)`,
    [orgId, key.callId, connectionId, key.state, daysAgo(key.madeDays)],
  );
}

async function keysOf(orgId: string): Promise<string[]> {
  const { rows } = await harness.owner.query<{ call_id: string }>('select call_id from hub.call_keys where org_id = $1', [orgId]);
  return rows.map((row) => row.call_id);
}

const isRefused = (scope: string): boolean => {
  try {
    assertWithinHorizon(scope, new Date());
    return false;
  } catch {
    return true;
  }
};

describe('cleaning the ledger', () => {
  it('frees no key that could come again, and none whose outcome is open', async () => {
    const orgId = testOrgId();
    const connectionId = await insertConnection(harness.owner, orgId);
    const ages = [0, 90, CALL_KEY_HORIZON_DAYS - 1, CALL_KEY_HORIZON_DAYS + 1, KEEP_DAYS - 1, KEEP_DAYS + 1, 2_000];
    const states = ['in_flight', 'succeeded', 'refused', 'maybe', 'unknown'];
    const keys = ages.flatMap((age, a) =>
      states.flatMap((state, s) =>
        ages.slice(0, a + 1).map((madeDays, m) => {
          const scope = scopeAt(age);
          return { scope, age, madeDays, state, callId: callOf(scope, 1 + s * 100 + m) };
        }),
      ),
    );
    const read = { ...keys.find(({ age, state, madeDays }) => age === 2_000 && state === 'succeeded' && madeDays === 2_000)! };
    const odd = ['emp:x', `${EMPLOYEE}:2001-01-01T00:00Z`, 'emp:', ' '].map((callId) => ({
      callId,
      state: 'succeeded',
      madeDays: 3_000,
    }));
    const readKey = { ...read, callId: `${read.callId}~0123abcd` };
    for (const key of [...keys, readKey, ...odd]) await insertKey(orgId, connectionId, key);
    await clean();
    const left = await keysOf(orgId);
    const gone = [...keys, readKey].filter(({ callId }) => !left.includes(callId));
    expect(gone.filter(({ scope }) => !isRefused(scope))).toEqual([]);
    const wanted = [...keys, readKey].filter(
      ({ age, madeDays, state }) => age > KEEP_DAYS && madeDays > KEEP_DAYS && ['succeeded', 'refused'].includes(state),
    );
    expect(gone.map(({ callId }) => callId).toSorted()).toEqual(wanted.map(({ callId }) => callId).toSorted());
    expect(wanted).toHaveLength(7);
    expect(left).toEqual(expect.arrayContaining(odd.map(({ callId }) => callId)));
    expect(removed['call_keys']).toBe(wanted.length);
  });

  it('is refused below the horizon by the database itself', async () => {
    const { jobs } = harness.hub.parts.database;
    for (const days of [0, CALL_KEY_HORIZON_DAYS, KEEP_DAYS - 1]) {
      await expect(jobs.cleanPast(days, 10)).rejects.toMatchObject({ code: 'invalid_request' });
      await expect(jobs.dropReceiptMonth(days)).rejects.toMatchObject({ code: 'invalid_request' });
    }
  });

  it('refuses a repeat of what it has freed, and executes nothing', async () => {
    const office = await harness.office();
    const scope = makeRunId({ employee: office.employeeId, version: 1, at: daysAgo(KEEP_DAYS + 5).toISOString() });
    const callId = callOf(scope);
    const ticket = await office.sign({ runId: scope, callScope: scope });
    await insertKey(office.orgId, office.connectionId, { callId, state: 'succeeded', madeDays: KEEP_DAYS + 4 });
    await clean();
    expect(await keysOf(office.orgId)).toEqual([]);
    const answer = await office.call('slack.post', { channel: '#billing', text: 'Again.' }, { callId, ticket });
    expect(answer.json).toMatchObject({ status: 410, code: 'call_id_expired' });
    expect([await office.posts(), await keysOf(office.orgId)]).toEqual([[], []]);
  });

  it('is done once by copies that do it at once, in batches', async () => {
    const orgId = testOrgId();
    const connectionId = await insertConnection(harness.owner, orgId);
    await harness.owner.query(
      `insert into hub.call_keys (org_id, call_id, digest, capability, capability_version, connection_id, employee_id,
         run_id, risk, idempotency, state, owner, deadline, native_key, created_at)
       select $1, $3 || n, '', 'slack/slack.post', 1, $2, 'e', 'r', 'write', 'none', 'succeeded', 'copy', now(), '', now() - interval '500 days'
       from generate_series(1, 2500) n`,
      [orgId, connectionId, callOf(scopeAt(501)).slice(0, -1)],
    );
    await Promise.all([clean(), clean(), clean()]);
    await clean();
    expect([await keysOf(orgId), removed['call_keys']]).toEqual([[], 2_500]);
  });
});

describe('what belongs to calls', () => {
  it('goes with them: uses of approvals, budgets of runs and days', async () => {
    const orgId = testOrgId();
    const connectionId = await insertConnection(harness.owner, orgId);
    const [old, young] = [scopeAt(KEEP_DAYS + 1), scopeAt(KEEP_DAYS - 1)];
    await insertKey(orgId, connectionId, { callId: callOf(old, 2), state: 'unknown', madeDays: KEEP_DAYS + 1 });
    for (const callId of [callOf(old), callOf(old, 2), callOf(young)]) {
      await harness.owner.query(
        `insert into hub.approval_uses (org_id, approval_id, call_id, digest, used_at) values ($1, $2, $3, '', now() - interval '431 days')`,
        [orgId, randomUUID(), callId],
      );
    }
    const dayOf = (days: number): string => daysAgo(days).toISOString().slice(0, 10);
    const uses = [
      ['run', old, '', 431],
      ['run', young, '', 431],
      ['run', old, 'late', 1],
      ['employee_day', 'e', dayOf(432), 431],
      ['organisation_day', '', dayOf(KEEP_DAYS - 2), 431],
    ] as const;
    for (const [kind, subject, period, days] of uses) {
      await harness.owner.query(
        `insert into hub.budget_use (org_id, kind, subject, period, unit, used, most, updated_at) values ($1, $2, $3, $4, 'effects', 1, 9, $5)`,
        [orgId, kind, subject, period, daysAgo(days)],
      );
    }
    await clean();
    const used = await harness.owner.query('select call_id from hub.approval_uses where org_id = $1 order by 1', [orgId]);
    expect(used.rows.map((row) => row.call_id)).toEqual([callOf(old, 2), callOf(young)].toSorted());
    const budgets = await harness.owner.query('select kind, subject, period from hub.budget_use where org_id = $1', [orgId]);
    expect(budgets.rows).toHaveLength(3);
    expect(removed).toMatchObject({ approval_uses: 1, budget_use: 2 });
  });

  it('takes windows and attempts to connect that have been over for a day', async () => {
    const orgId = testOrgId();
    const rate = (key: string, hours: number, waits: string) =>
      harness.owner.query(
        `insert into hub.rate_shares values ($1, '', $2, 1000, (extract(epoch from now()) - $3 * 3600)::bigint, '{}', 'epoch', now() + $4::interval)`,
        [orgId, key, hours, waits],
      );
    await rate('over', 25, '-25 hours');
    await rate('of today', 23, '-25 hours');
    await rate('waited for', 25, '1 minute');
    for (const [hash, hours] of [
      ['over', 25],
      ['of today', 23],
    ] as const) {
      await harness.owner.query(
        `insert into hub.oauth_states (org_id, state_hash, user_id, provider, expires_at) values ($1, $2, 'u', 'slack', now() - make_interval(hours => $3))`,
        [orgId, `${orgId} ${hash}`, hours],
      );
    }
    await clean();
    const rates = await harness.owner.query('select key from hub.rate_shares where org_id = $1 order by 1', [orgId]);
    const states = await harness.owner.query('select state_hash from hub.oauth_states where org_id = $1', [orgId]);
    expect(rates.rows.map((row) => row.key)).toEqual(['of today', 'waited for']);
    expect(states.rows).toEqual([{ state_hash: `${orgId} of today` }]);
  });
});

describe('months of receipts', () => {
  const months = async (): Promise<string[]> => {
    const { rows } = await harness.owner.query<{ name: string }>(
      `select inhrelid::regclass::text as name from pg_inherits where inhparent = 'hub.receipts'::regclass order by 1`,
    );
    return rows.map((row) => row.name);
  };

  it('go when they are past their time, the oldest first, but for those in which a call is open', async () => {
    const { owner } = harness;
    const before = await months();
    const young = new Date(Date.UTC(daysAgo(RETENTION_DAYS).getUTCFullYear(), daysAgo(RETENTION_DAYS).getUTCMonth(), 1))
      .toISOString()
      .slice(0, 7);
    for (const month of ['2019-11', '2019-12', '2020-01', young]) {
      const name = `receipts_${month.replace('-', '_')}`;
      await owner.query(
        `create table hub.${name} partition of hub.receipts for values from ('${month}-01T00:00Z') to ('${nextOf(month)}-01T00:00Z')`,
      );
    }
    const orgId = testOrgId();
    const connectionId = await insertConnection(owner, orgId);
    await insertKey(orgId, connectionId, {
      callId: 'open',
      state: 'unknown',
      madeDays: (Date.now() - Date.UTC(2019, 11, 31, 23)) / DAY_MS,
    });
    for (let round = 0; round < 4; round += 1) await clean();
    const kept = ['hub.receipts_2019_12', `hub.receipts_${young.replace('-', '_')}`];
    expect(await months()).toEqual([...before, ...kept].toSorted());
    expect(removed['receipt_months']).toBe(2);
    await owner.query(`update hub.call_keys set state = 'refused' where org_id = $1`, [orgId]);
    await clean();
    expect(await months()).not.toContain('hub.receipts_2019_12');
  });

  it('wait for whoever reads them, and hold nobody up for long', async () => {
    const { owner } = harness;
    await owner.query(
      `create table hub.receipts_2018_01 partition of hub.receipts for values from ('2018-01-01T00:00Z') to ('2018-02-01T00:00Z')`,
    );
    await owner.query('begin');
    await owner.query('select count(*) from hub.receipts');
    await clean();
    await owner.query('commit');
    expect(removed['receipt_months']).toBeUndefined();
    await clean();
    expect(removed['receipt_months']).toBe(1);
  });
});

function nextOf(month: string): string {
  const [year = 0, number = 0] = month.split('-').map(Number);
  return new Date(Date.UTC(year, number, 1)).toISOString().slice(0, 7);
}
