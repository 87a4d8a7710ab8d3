import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../test/database.ts';
import type { TestDatabase } from '../test/database.ts';

let database: TestDatabase;
let core: Client;
let hub: Client;

beforeAll(async () => {
  database = await testDatabase();
  core = new Client({ connectionString: database.coreUrl });
  hub = new Client({ connectionString: database.hubUrl });
  await Promise.all([core.connect(), hub.connect()]);
}, 60_000);

afterAll(async () => {
  await Promise.all([core.end(), hub.end()]);
  await database.drop();
});

const DENIED = { code: '42501' };

describe('the role of ConnectHub', () => {
  it.each(['memberships', 'grants', 'policies', 'budgets', 'quotas', 'runs', 'approvals'])(
    'reads authz.%s and cannot change it',
    async (table) => {
      await hub.query(`select * from authz.${table}`);
      await expect(hub.query(`delete from authz.${table}`)).rejects.toMatchObject(DENIED);
      await expect(hub.query(`update authz.${table} set org_id = org_id`)).rejects.toMatchObject(DENIED);
      await expect(hub.query(`insert into authz.${table} (org_id) values ('o')`)).rejects.toMatchObject(DENIED);
    },
  );

  it.each(['select * from core.employees', 'select * from core.audit', 'select core.open_runs(1, $$$$)'])(
    'has no way into core: %s',
    (statement) => expect(hub.query(statement)).rejects.toMatchObject(DENIED),
  );

  it.each([
    'update hub.audit set allowed = true',
    'delete from hub.audit',
    'update hub.audit_seals set hash = hash',
    'delete from hub.audit_seals',
    'update hub.approval_uses set digest = digest',
    'delete from hub.approval_uses',
  ])('cannot rewrite what happened: %s', (statement) => expect(hub.query(statement)).rejects.toMatchObject(DENIED));

  it('reaches partitions through their table only', async () => {
    await expect(hub.query('select * from hub.call_keys_0')).rejects.toMatchObject(DENIED);
    await expect(hub.query('select * from hub.receipts_rest')).rejects.toMatchObject(DENIED);
  });
});

describe('the role of Agent-Core', () => {
  it.each(['select * from hub.connections', 'select hub.org_of_state($$x$$)'])('has no way into hub: %s', (statement) =>
    expect(core.query(statement)).rejects.toMatchObject(DENIED),
  );

  it.each([
    'update core.audit set allowed = true',
    'delete from core.audit',
    'truncate core.audit',
    'update core.facts set kind = kind',
    'delete from core.facts',
    'update core.audit_seals set hash = hash',
    'delete from core.audit_seals',
    'delete from core.decisions',
    'update core.employee_versions set definition = $${}$$',
    'update authz.policies set rules = $$[]$$',
  ])('cannot rewrite what happened: %s', (statement) => expect(core.query(statement)).rejects.toMatchObject(DENIED));

  it.each([
    'select * from app.org_context_keys',
    'insert into app.org_context_keys (fingerprint) values ($$x$$)',
    'select app.isolate($$core.audit$$)',
    'alter table core.employees disable row level security',
    'drop policy organisation on core.employees',
    'set session_replication_role = replica',
    'set role core_jobs',
    'set role hub_runtime',
    'create table public.t ()',
    'create table core.t ()',
  ])('cannot get around the walls: %s', (statement) => expect(core.query(statement)).rejects.toMatchObject(DENIED));
});
