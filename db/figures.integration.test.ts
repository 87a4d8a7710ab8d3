import { randomUUID } from 'node:crypto';
import { Client } from 'pg';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { testDatabase, testOrgId } from '../test/database.ts';
import type { TestDatabase } from '../test/database.ts';
import { insertConnection, insertRun } from '../test/rows.ts';
import { createCoreDatabase, createHubDatabase } from './client.ts';
import type { CoreDatabase, Figure, HubDatabase } from './client.ts';

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

/** Each as its words, its number and the age of the oldest in minutes. */
const brief = (figures: Figure[]): string[] =>
  figures
    .map(({ figure, provider, kind, amount, oldestSeconds }) =>
      [...[figure, provider, kind].filter((word) => word !== ''), amount, Math.floor(oldestSeconds / 60)].join(' '),
    )
    .toSorted();

it('counts what is open at Agent-Core over all organisations', async () => {
  expect(brief(await core.figures())).toEqual(['approvals pending 0 0', 'runs_waiting approval 0 0', 'runs_waiting paused 0 0']);
  const [orgA, orgB] = [testOrgId(), testOrgId()];
  const [runA, runB] = [await insertRun(owner, orgA, 'running'), await insertRun(owner, orgB, 'running')];
  await insertRun(owner, orgB, 'requested');
  await insertRun(owner, orgB, 'completed');
  const age = (run: string, change: string) => owner.query(`update core.runs set ${change} where run_id = $1`, [run]);
  await age(runA, `waiting_on = 'engine', requested_at = now() - interval '9 minutes 30 s'`);
  await age(runB, `waiting_on = 'engine', paused_at = now(), requested_at = now() - interval '4 minutes 30 s'`);
  await owner.query(
    `insert into core.outbox (org_id, run_id, seq, kind, payload, created_at, sent_at) values
     ($1, $2, 1, 'signal', '{}', now() - interval '2 minutes 30 s', null), ($1, $2, 2, 'signal', '{}', now(), null),
     ($1, $2, 3, 'signal', '{}', now() - interval '1 h', now())`,
    [orgA, runA],
  );
  await ask(orgA, ['pending', 'pending', 'approved']);
  expect(brief(await core.figures())).toEqual([
    'approvals pending 2 7',
    'outbox signal 2 2',
    'runs_open requested 1 0',
    'runs_open running 2 9',
    'runs_waiting approval 1 7',
    'runs_waiting engine 2 9',
    'runs_waiting paused 1 4',
  ]);
});

/** Approvals of one run, asked for seven minutes and a half ago. */
async function ask(orgId: string, statuses: string[]): Promise<void> {
  await owner.query(
    `insert into authz.runs (org_id, run_id, employee_id, version, execution_id, call_scope, initiator_type, initiator_id, mode, plan_hash)
     values ($1, 'r', 'e', 1, $2, 'r', 'person', 'user_1', 'live', '')`,
    [orgId, randomUUID()],
  );
  for (const [index, status] of statuses.entries()) {
    await owner.query(
      `insert into authz.approvals (org_id, run_id, workflow_id, request_key, question, details, initiator_id, status, on_timeout, expires_at, requested_at)
       values ($1, 'r', 'r', $2, '', '{}', 'user_1', $3, 'reject', now() + interval '1 h', now() - interval '7 minutes 30 s')`,
      [orgId, String(index), status],
    );
  }
}

it('counts what ConnectHub has connected, does not know, and leaves alone', async () => {
  const [orgA, orgB] = [testOrgId(), testOrgId()];
  const [a, b] = [await insertConnection(owner, orgA), await insertConnection(owner, orgB)];
  await owner.query(`update hub.connections set status = 'needs_reauth' where connection_id = $1`, [b]);
  const call = (callId: string, state: string, deadline: string) =>
    owner.query(
      `insert into hub.call_keys (org_id, call_id, digest, capability, capability_version, connection_id, employee_id,
         run_id, risk, idempotency, state, owner, deadline, native_key, created_at, updated_at)
       values ($1, $2, '', 'slack/slack.post', 1, $3, 'e', 'r', 'write', 'none', $4, 'copy 1', now() + $5::interval, '',
         now() - interval '3 minutes 30 s', now() - interval '3 minutes 30 s')`,
      [orgA, callId, a, state, deadline],
    );
  await call('1', 'unknown', '-1 h');
  await call('2', 'maybe', '-1 h');
  await call('3', 'in_flight', '1 h');
  await call('4', 'succeeded', '-1 h');
  await owner.query(
    `insert into hub.provider_limits (org_id, connection_id, capability, until, reason) values
     ($1, $2, '', now() + interval '1 h', 'rate_limited'), ($1, $2, 'slack/slack.post', now() - interval '1 h', 'rate_limited')`,
    [orgA, a],
  );
  expect(brief(await hub.figures())).toEqual([
    'connections slack active 1 0',
    'connections slack needs_reauth 1 0',
    'limits slack 1 0',
    'receipts slack unknown 1 3',
    'unsettled slack maybe 1 3',
  ]);
});

it('gives up after two seconds where the database stands still, and goes on afterwards', async () => {
  await owner.query('begin');
  await owner.query('lock table hub.outbox in access exclusive mode');
  await expect(hub.figures()).rejects.toMatchObject({ code: 'dependency_unavailable' });
  await owner.query('rollback');
  expect(await hub.figures()).not.toEqual([]);
  expect(hub.poolState()).toMatchObject({ waiting: 0, failed: 0 });
});
