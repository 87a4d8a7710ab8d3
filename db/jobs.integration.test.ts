import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { testDatabase, testOrgId } from '../test/database.ts';
import type { TestDatabase } from '../test/database.ts';
import { insertConnection, insertEmployee, insertRun } from '../test/rows.ts';
import { createCoreDatabase, createHubDatabase } from './client.ts';
import type { CoreDatabase, HubDatabase } from './client.ts';

const LEASE_MS = 60_000;

let database: TestDatabase;
let owner: Client;
let core: CoreDatabase;
let hub: HubDatabase;

beforeAll(async () => {
  database = await testDatabase();
  owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
  const options = { orgContextKey: database.orgContextKey, logger: { warn: () => {} } };
  core = createCoreDatabase({ ...options, url: database.coreUrl });
  hub = createHubDatabase({ ...options, url: database.hubUrl });
}, 60_000);

afterAll(async () => {
  await Promise.all([core.close(), hub.close(), owner.end()]);
  await database.drop();
});

beforeEach(async () => {
  await owner.query('delete from core.outbox; delete from hub.outbox; delete from core.runs; delete from hub.call_keys');
});

async function insertOutbox(orgId: string, runId: string | null, seq: number): Promise<number> {
  const { rows } = await owner.query<{ id: string }>(
    `insert into core.outbox (org_id, run_id, seq, kind, payload) values ($1, $2, $3, 'signal', '{}') returning id`,
    [orgId, runId, seq],
  );
  return Number(rows[0]?.id);
}

describe('claiming the outbox of Agent-Core', () => {
  it('leases rows of all organisations, of each run only the lowest unsent one', async () => {
    const [orgA, orgB] = [testOrgId(), testOrgId()];
    const [runA, runB] = [await insertRun(owner, orgA), await insertRun(owner, orgB)];
    const a2 = await insertOutbox(orgA, runA, 2);
    const a1 = await insertOutbox(orgA, runA, 1);
    const b1 = await insertOutbox(orgB, runB, 1);
    const free = await insertOutbox(orgB, null, 0);
    const claimed = await core.jobs.claimOutbox('copy 1', 10, LEASE_MS);
    expect(claimed).toHaveLength(3);
    expect(claimed).toEqual(
      expect.arrayContaining([
        { orgId: orgA, id: a1 },
        { orgId: orgB, id: b1 },
        { orgId: orgB, id: free },
      ]),
    );
    expect(await core.jobs.claimOutbox('copy 2', 10, LEASE_MS)).toEqual([]);

    await owner.query('update core.outbox set sent_at = now() where id = $1', [a1]);
    expect(await core.jobs.claimOutbox('copy 2', 10, LEASE_MS)).toEqual([{ orgId: orgA, id: a2 }]);
  });

  it('gives a row to somebody else when its lease is over, and counts the attempts', async () => {
    const orgId = testOrgId();
    const id = await insertOutbox(orgId, null, 0);
    await core.jobs.claimOutbox('copy 1', 10, LEASE_MS);
    await owner.query(`update core.outbox set lease_until = now() - interval '1 second'`);
    expect(await core.jobs.claimOutbox('copy 2', 10, LEASE_MS)).toEqual([{ orgId, id }]);
    const { rows } = await owner.query('select lease_owner, attempts from core.outbox');
    expect(rows).toEqual([{ lease_owner: 'copy 2', attempts: 2 }]);
  });

  it('gives each row to one of many who ask at the same time', async () => {
    const orgId = testOrgId();
    const ids = [];
    for (let n = 0; n < 20; n += 1) ids.push(await insertOutbox(orgId, null, 0));
    const claims = await Promise.all(Array.from({ length: 8 }, (_, copy) => core.jobs.claimOutbox(`copy ${copy}`, 5, LEASE_MS)));
    const claimed = claims.flat().map((row) => row.id);
    expect(new Set(claimed).size).toBe(claimed.length);
    for (const rest = await core.jobs.claimOutbox('last', 20, LEASE_MS); rest.length > 0;) claimed.push(rest.pop()!.id);
    expect(claimed.toSorted((a, b) => a - b)).toEqual(ids);
  });
});

describe('the lists of Agent-Core', () => {
  it('page through open runs of all organisations', async () => {
    const [orgA, orgB] = [testOrgId(), testOrgId()];
    const open = [
      { orgId: orgA, runId: await insertRun(owner, orgA, 'requested') },
      { orgId: orgB, runId: await insertRun(owner, orgB, 'running') },
    ].toSorted((a, b) => (a.runId < b.runId ? -1 : 1));
    await insertRun(owner, orgA, 'completed');
    expect(await core.jobs.openRuns(10)).toEqual(open);
    expect(await core.jobs.openRuns(1)).toEqual(open.slice(0, 1));
    expect(await core.jobs.openRuns(10, open[0]!.runId)).toEqual(open.slice(1));
  });

  it('hold pending approvals past their expiry', async () => {
    const orgId = testOrgId();
    await owner.query(
      `insert into authz.runs (org_id, run_id, employee_id, version, execution_id, call_scope, initiator_type, initiator_id, mode, plan_hash)
       values ($1, 'r', 'e', 1, $2, 'r', 'person', 'user_1', 'live', '')`,
      [orgId, randomUUID()],
    );
    const ask = (key: string, status: string, expires: string) =>
      owner.query<{ approval_id: string }>(
        `insert into authz.approvals (org_id, run_id, workflow_id, request_key, question, details, initiator_id, status, on_timeout, expires_at)
         values ($1, 'r', 'r', $2, '', '{}', 'user_1', $3, 'reject', now() + $4::interval) returning approval_id`,
        [orgId, key, status, expires],
      );
    const expired = await ask('1', 'pending', '-1 s');
    await ask('2', 'approved', '-1 s');
    await ask('3', 'pending', '1 h');
    expect(await core.jobs.expiredApprovals(10)).toEqual([{ orgId, approvalId: expired.rows[0]?.approval_id }]);
  });
});

describe('the owner of a workflow', () => {
  it('has an organisation, found by the id of the employee or of the schedule', async () => {
    const [orgId, other] = [testOrgId(), testOrgId()];
    const [employeeId, otherEmployee] = [await insertEmployee(owner, orgId), await insertEmployee(owner, other)];
    const scheduleId = randomUUID();
    await owner.query(
      `insert into core.schedules
         (org_id, schedule_id, employee_id, owner_user_id, source, times, timezone, overlap, catch_up_seconds, input)
       values ($1, $2, $3, 'user_1', 'person', '{}', 'UTC', 'skip', 60, '{}')`,
      [orgId, scheduleId, employeeId],
    );
    expect(await core.jobs.orgOfEmployee(employeeId)).toBe(orgId);
    expect(await core.jobs.orgOfEmployee(otherEmployee)).toBe(other);
    expect(await core.jobs.orgOfSchedule(scheduleId)).toBe(orgId);
    expect(await core.jobs.orgOfEmployee(scheduleId)).toBeUndefined();
    expect(await core.jobs.orgOfSchedule(randomUUID())).toBeUndefined();
  });
});

describe('the functions of ConnectHub', () => {
  it('claim its outbox with a lease', async () => {
    const orgId = testOrgId();
    const { rows } = await owner.query<{ id: string }>(
      `insert into hub.outbox (org_id, kind, payload) values ($1, 'receipt_resolved', '{}') returning id`,
      [orgId],
    );
    expect(await hub.jobs.claimOutbox('copy 1', 10, LEASE_MS)).toEqual([{ orgId, id: Number(rows[0]?.id) }]);
    expect(await hub.jobs.claimOutbox('copy 2', 10, LEASE_MS)).toEqual([]);
  });

  it('list connections that a dead copy was at, and count those that cannot be refreshed', async () => {
    const orgId = testOrgId();
    const [left, held, resting] = [
      await insertConnection(owner, orgId),
      await insertConnection(owner, orgId),
      await insertConnection(owner, orgId),
    ];
    const set = (connectionId: string, lease: string | null, until: string, failures: number) =>
      owner.query(
        `update hub.connections set refresh_owner = $2, refresh_until = now() + $3::interval, refresh_failures = $4
         where connection_id = $1`,
        [connectionId, lease, until, failures],
      );
    await set(left, 'gone', '-1 s', 0);
    await set(held, 'copy 1', '1 min', 0);
    await set(resting, null, '-1 s', 2);
    expect(await hub.jobs.leftConnections(10)).toEqual([{ orgId, connectionId: left }]);
    const before = await hub.jobs.failingRefreshes();
    expect(before).toEqual([{ provider: expect.any(String), amount: 1 }]);
    await owner.query(`update hub.connections set refresh_failures = 0, refresh_owner = null where org_id = $1`, [orgId]);
    expect([await hub.jobs.leftConnections(10), await hub.jobs.failingRefreshes()]).toEqual([[], []]);
  });

  it('find the organisation of an OAuth state and of a launch code', async () => {
    const orgId = testOrgId();
    await owner.query(
      `insert into hub.oauth_states (org_id, state_hash, user_id, provider, launch_code_hash, expires_at)
       values ($1, 'state', 'user_1', 'slack', 'launch', now() + interval '1 minute')`,
      [orgId],
    );
    expect(await hub.jobs.orgOfState('state')).toBe(orgId);
    expect(await hub.jobs.orgOfLaunchCode('launch')).toBe(orgId);
    expect(await hub.jobs.orgOfState('launch')).toBeUndefined();
    expect(await hub.jobs.orgOfLaunchCode('state')).toBeUndefined();
  });

  it('list calls whose holder is gone and calls that may be settled', async () => {
    const orgId = testOrgId();
    const connectionId = await insertConnection(owner, orgId);
    const call = (callId: string, state: string, deadline: string, settleAfter: string) =>
      owner.query(
        `insert into hub.call_keys (org_id, call_id, digest, capability, capability_version, connection_id, employee_id,
           run_id, risk, idempotency, state, owner, deadline, native_key, settle_after)
         values ($1, $2, '', 'slack/slack.post', 1, $3, 'e', 'r', 'write', 'none', $4, 'copy 1', now() + $5::interval, '', now() + $6::interval)`,
        [orgId, callId, connectionId, state, deadline, settleAfter],
      );
    await call('gone', 'in_flight', '-2 s', '1 h');
    await call('at work', 'in_flight', '1 h', '1 h');
    await call('to settle', 'maybe', '-1 h', '-1 s');
    await call('too early', 'maybe', '-1 h', '1 h');
    await call('done', 'succeeded', '-1 h', '-1 h');
    expect(await hub.jobs.staleCalls(10)).toEqual([
      { orgId, callId: 'gone' },
      { orgId, callId: 'to settle' },
    ]);
    expect(await hub.jobs.staleCalls(1)).toHaveLength(1);
  });
});

describe('the partitions of the receipts', () => {
  it('are made by ConnectHub further ahead than the migration did', async () => {
    expect(await hub.jobs.makeReceiptPartitions(14)).toBe(2);
    expect(await hub.jobs.makeReceiptPartitions(14)).toBe(0);
  });
});

describe('a jobs function', () => {
  it('answers with ids and counts, and nothing else', async () => {
    const { rows } = await owner.query(
      `select p.oid::regprocedure::text as name, pg_get_function_result(p.oid) as result from pg_proc p
       join pg_roles r on r.oid = p.proowner where r.rolname in ('core_jobs', 'hub_jobs') order by 1`,
    );
    expect(rows.map((row) => `${row.name}: ${row.result}`)).toEqual([
      'core.claim_outbox(text,integer,integer): TABLE(org_id text, id bigint)',
      'core.expired_approvals(integer): TABLE(org_id text, approval_id uuid)',
      'core.expired_blobs(integer): TABLE(org_id text, object_id uuid)',
      'core.fact_heads(text[]): TABLE(org_id text, seq bigint)',
      'core.figures(): TABLE(figure text, kind text, amount bigint, oldest_seconds double precision)',
      'core.keys_by_kek(): TABLE(kek text, keys integer)',
      'core.memory_orgs(integer,text): TABLE(org_id text)',
      'core.open_runs(integer,text): TABLE(org_id text, run_id text)',
      'core.org_of_employee(text): text',
      'core.org_of_schedule(uuid): text',
      'core.orgs_to_seal(integer,integer): TABLE(org_id text)',
      'core.orgs_under_other_kek(text,integer,text): TABLE(org_id text)',
      'core.orgs_with_unread_facts(text,integer): TABLE(org_id text)',
      'core.seal_audit(bigint,timestamp with time zone,timestamp with time zone,integer,text,text): boolean',
      'hub.claim_outbox(text,integer,integer): TABLE(org_id text, id bigint)',
      'hub.claim_webhook_events(text,integer,integer): TABLE(org_id text, event_id uuid)',
      'hub.claim_webhook_subscriptions(text,integer,integer): TABLE(org_id text, connection_id text)',
      'hub.clean_past(integer,integer): TABLE(what text, gone bigint)',
      'hub.clean_webhook_events(integer,integer): integer',
      'hub.failing_refreshes(): TABLE(provider text, amount bigint)',
      'hub.figures(): TABLE(figure text, provider text, kind text, amount bigint, oldest_seconds double precision)',
      'hub.has_open_calls(timestamp with time zone,timestamp with time zone): boolean',
      'hub.keys_by_kek(): TABLE(kek text, keys integer)',
      'hub.left_connections(integer): TABLE(org_id text, connection_id text)',
      'hub.org_of_connection(text,text[]): TABLE(org_id text, connection_id text)',
      'hub.org_of_launch_code(text): text',
      'hub.org_of_state(text): text',
      'hub.orgs_to_seal(integer,integer): TABLE(org_id text)',
      'hub.orgs_under_other_kek(text,integer,text): TABLE(org_id text)',
      'hub.seal_audit(bigint,timestamp with time zone,timestamp with time zone,integer,text,text): boolean',
      'hub.stale_calls(integer): TABLE(org_id text, call_id text)',
      'hub.webhook_figures(): TABLE(figure text, provider text, kind text, amount bigint, oldest_seconds double precision)',
    ]);
  });
});
