import { Client } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { testDatabase } from '../test/database.ts';
import type { TestDatabase } from '../test/database.ts';

let database: TestDatabase;
let owner: Client;

beforeAll(async () => {
  database = await testDatabase();
  owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
}, 60_000);

afterAll(async () => {
  await owner.end();
  await database.drop();
});

const OURS = `n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')`;

describe('the catalogue of a migrated database', () => {
  it('forces row-level security with WITH CHECK on every table that has org_id, partitions included', async () => {
    const { rows } = await owner.query(`
      select c.oid::regclass::text as name, c.relrowsecurity and c.relforcerowsecurity as forced,
        exists (
          select from pg_policy p where p.polrelid = c.oid and p.polcmd = '*' and p.polroles = '{0}'
            and pg_get_expr(p.polqual, c.oid) = '(org_id = ( SELECT app.current_org() AS current_org))'
            and pg_get_expr(p.polwithcheck, c.oid) = '(org_id = ( SELECT app.current_org() AS current_org))'
        ) as policed
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
      join pg_attribute a on a.attrelid = c.oid and a.attname = 'org_id' and not a.attisdropped
      where ${OURS} and c.relkind in ('r', 'p', 'f', 'm')`);
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter((row) => !row.forced || !row.policed)).toEqual([]);
  });

  it('has no table without org_id but the two of the migration itself', async () => {
    const { rows } = await owner.query(`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where ${OURS} and c.relkind in ('r', 'p', 'f', 'm', 'v')
        and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname = 'org_id') order by 1`);
    expect(rows.map((row) => row.name)).toEqual(['app.migrations', 'app.org_context_keys']);
  });

  it('puts org_id first in every primary key', async () => {
    const { rows } = await owner.query(`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('core', 'hub', 'authz') and c.relkind in ('r', 'p') and not exists (
        select from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
        where i.indrelid = c.oid and i.indisprimary and a.attname = 'org_id')`);
    expect(rows).toEqual([]);
  });

  it('has policies of roles of their own for exactly the tables of their functions', async () => {
    const { rows } = await owner.query(`
      select p.polrelid::regclass::text as name, p.polname, r.rolname from pg_policy p
      join pg_roles r on r.oid = any(p.polroles) order by 1, 2`);
    expect(rows.map((row) => `${row.rolname} ${row.polname} ${row.name}`)).toEqual([
      'core_jobs jobs_read authz.approvals',
      'hub_calls proxy authz.budgets',
      'hub_calls proxy authz.grants',
      'hub_calls proxy authz.memberships',
      'hub_calls proxy authz.policies',
      'hub_calls proxy authz.quotas',
      'hub_calls proxy authz.runs',
      'core_jobs jobs_read core.audit',
      'core_jobs jobs_read core.audit_seals',
      'core_jobs jobs_read core.blobs',
      'core_jobs jobs_read core.data_keys',
      'core_jobs jobs_read core.employees',
      'core_jobs jobs_read core.fact_cursors',
      'core_jobs jobs_read core.facts',
      'core_jobs jobs_read core.memory_keys',
      'core_jobs jobs_lease core.outbox',
      'core_jobs jobs_read core.outbox',
      'core_jobs jobs_read core.runs',
      'core_jobs jobs_read core.schedules',
      'hub_jobs jobs_clean hub.approval_uses',
      'hub_jobs jobs_read hub.approval_uses',
      'hub_jobs jobs_read hub.audit',
      'hub_calls proxy hub.audit',
      'hub_jobs jobs_read hub.audit_seals',
      'hub_jobs jobs_clean hub.budget_use',
      'hub_jobs jobs_read hub.budget_use',
      'hub_calls proxy hub.budget_use',
      'hub_jobs jobs_clean hub.call_keys',
      'hub_jobs jobs_read hub.call_keys',
      'hub_calls proxy hub.call_keys',
      'hub_jobs jobs_read hub.connections',
      'hub_calls proxy hub.connections',
      'hub_jobs jobs_read hub.data_keys',
      'hub_jobs jobs_clean hub.oauth_states',
      'hub_jobs jobs_read hub.oauth_states',
      'hub_jobs jobs_lease hub.outbox',
      'hub_jobs jobs_read hub.outbox',
      'hub_jobs jobs_read hub.provider_limits',
      'hub_calls proxy hub.provider_limits',
      'hub_jobs jobs_clean hub.rate_shares',
      'hub_jobs jobs_read hub.rate_shares',
      'hub_calls proxy hub.rate_shares',
      'hub_calls proxy hub.receipts',
      'hub_jobs jobs_clean hub.webhook_events',
      'hub_jobs jobs_lease hub.webhook_events',
      'hub_jobs jobs_read hub.webhook_events',
      'hub_jobs jobs_lease hub.webhook_subscriptions',
      'hub_jobs jobs_read hub.webhook_subscriptions',
    ]);
  });

  it('gives the five roles nothing that undoes row-level security', async () => {
    const { rows } = await owner.query(`
      select r.rolname, r.rolsuper, r.rolbypassrls, r.rolcreaterole, r.rolcanlogin,
        (select count(*)::int from pg_auth_members m where m.member = r.oid) as memberships,
        (select count(*)::int from pg_class c where c.relowner = r.oid) as tables
      from pg_roles r where r.rolname in ('core_runtime', 'hub_runtime', 'core_jobs', 'hub_jobs', 'hub_calls') order by 1`);
    const mild = { rolsuper: false, rolbypassrls: false, rolcreaterole: false, memberships: 0, tables: 0 };
    expect(rows).toEqual([
      { rolname: 'core_jobs', rolcanlogin: false, ...mild },
      { rolname: 'core_runtime', rolcanlogin: true, ...mild },
      { rolname: 'hub_calls', rolcanlogin: false, ...mild },
      { rolname: 'hub_jobs', rolcanlogin: false, ...mild },
      { rolname: 'hub_runtime', rolcanlogin: true, ...mild },
    ]);
  });

  it('pins search_path in every function and lets PUBLIC execute none', async () => {
    const { rows } = await owner.query(`
      select p.oid::regprocedure::text as name, p.prosecdef as definer,
        coalesce('search_path=pg_catalog, pg_temp' = any(p.proconfig), false) as pinned,
        p.proacl is null or exists (select from aclexplode(p.proacl) where grantee = 0) as public
      from pg_proc p join pg_namespace n on n.oid = p.pronamespace where ${OURS}`);
    expect(rows.filter((row) => row.definer).length).toBe(38);
    expect(rows.filter((row) => !row.pinned || row.public)).toEqual([]);
  });

  it('demands an audit row for changes of every table but the audit itself, places of readers and what counts shares of rates', async () => {
    const { rows } = await owner.query(`
      select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
      where n.nspname in ('core', 'hub', 'authz') and c.relkind in ('r', 'p') and not exists (
        select from pg_trigger t where t.tgrelid = c.oid and t.tgname = 'require_audit' and t.tgenabled = 'O'
          and t.tgdeferrable and t.tginitdeferred and t.tgtype = 29) order by 1`);
    expect(rows.map((row) => row.name)).toEqual(['core.audit', 'core.fact_cursors', 'hub.audit', 'hub.rate_shares']);
  });

  it('spreads call keys over eight partitions and keeps receipts of a year ahead apart by month', async () => {
    const { rows } = await owner.query(`
      select inhparent::regclass::text as name, count(*)::int from pg_inherits
      where inhparent::regclass::text in ('hub.call_keys', 'hub.receipts') group by 1 order by 1`);
    expect(rows).toEqual([
      { name: 'hub.call_keys', count: 8 },
      { name: 'hub.receipts', count: 14 },
    ]);
  });
});
