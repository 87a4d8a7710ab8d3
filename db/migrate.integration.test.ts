import { randomBytes } from 'node:crypto';
import { DatabaseError } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openCache } from '../dev/cache.ts';
import { createDatabase, withClient } from '../dev/postgres/databases.ts';
import type { Postgres } from '../dev/postgres/postgres.ts';
import { startPostgres } from '../dev/postgres/start-postgres.ts';
import { makeTempFolder } from '../dev/processes/temp-folder.ts';
import type { TempFolder } from '../dev/processes/temp-folder.ts';
import { silent } from '../dev/progress.ts';
import { signOrgContext } from '../platform/auth/org-context.ts';
import { testOrgId } from '../test/database.ts';
import { insertRun } from '../test/rows.ts';
import { createCoreDatabase } from './client.ts';
import { MigrationError, migrate } from './migrate.ts';

/** A cluster of its own: the roles that are made and broken here belong to the whole cluster. */
let folder: TempFolder;
let server: Postgres;

beforeAll(async () => {
  folder = await makeTempFolder('clancy-migrate');
  const path = '/usr/bin:/bin';
  server = await startPostgres({ dir: folder.path, cacheDir: await openCache({}), path, durable: false, log: silent });
}, 60_000);

afterAll(async () => {
  await server.remove();
  await folder.remove();
});

const secrets = { coreDbPassword: 'core-password', hubDbPassword: 'hub-password' };
const firstKey = randomBytes(32);

function as(url: string, user: string, password: string): string {
  const changed = new URL(url);
  changed.username = user;
  changed.password = password;
  return changed.href;
}

/** A database that belongs to an ordinary role with CREATEROLE, as on a managed cluster. */
async function ownedDatabase(name: string, owner: string, rights = 'CREATEROLE'): Promise<{ admin: string; ownerUrl: string }> {
  const admin = await createDatabase(server.url, name);
  await withClient(server.url, async (client) => {
    const known = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [owner]);
    if (known.rowCount === 0) await client.query(`CREATE ROLE ${owner} LOGIN ${rights} PASSWORD 'owner'`);
    await client.query(`ALTER DATABASE ${name} OWNER TO ${owner}`);
  });
  return { admin, ownerUrl: as(admin, owner, 'owner') };
}

async function verifies(url: string, key: Buffer): Promise<boolean> {
  return withClient(as(url, 'core_runtime', secrets.coreDbPassword), async (client) => {
    await client.query(`select set_config('app.org', $1, false)`, [signOrgContext(key, 'org_1', 60_000, Date.now())]);
    return (await client.query('select app.current_org() as org')).rows[0]?.org === 'org_1';
  });
}

describe('migrate', { timeout: 60_000 }, () => {
  let admin: string;
  let ownerUrl: string;

  it('works for two databases of a new cluster at the same time, by an owner who is no superuser, and again', async () => {
    ({ admin, ownerUrl } = await ownedDatabase('one', 'clancy_owner'));
    const other = await ownedDatabase('two', 'clancy_owner');
    const options = { ...secrets, orgContextKey: firstKey };
    await Promise.all([migrate({ ...options, ownerUrl }), migrate({ ...options, ownerUrl: other.ownerUrl })]);
    await Promise.all([migrate({ ...options, ownerUrl }), migrate({ ...options, ownerUrl })]);
    expect(await verifies(admin, firstKey)).toBe(true);
    expect(await verifies(other.admin, firstKey)).toBe(true);
  });

  it('lets the owner see no row, and the jobs functions see all', async () => {
    const orgId = testOrgId();
    const runId = await withClient(admin, (client) => insertRun(client, orgId));
    for (const table of ['core.employees', 'core.runs', 'core.outbox', 'hub.outbox']) {
      const seen = await withClient(ownerUrl, (client) => client.query(`select * from ${table}`));
      expect(seen.rows).toEqual([]);
    }
    const url = as(admin, 'core_runtime', secrets.coreDbPassword);
    const core = createCoreDatabase({ url, orgContextKey: firstKey, logger: { warn: () => {} } });
    expect(await core.jobs.openRuns(10)).toEqual([{ orgId, runId }]);
    await core.close();
  });

  it('keeps the key before the current one valid, and no older one', async () => {
    const [second, third] = [randomBytes(32), randomBytes(32)];
    const rotate = (orgContextKey: Buffer, retirePreviousKey = false) =>
      migrate({ ...secrets, ownerUrl, orgContextKey, retirePreviousKey });
    const valid = () => Promise.all([firstKey, second, third].map((key) => verifies(admin, key)));
    await rotate(second);
    await rotate(second);
    expect(await valid()).toEqual([true, true, false]);
    await rotate(third);
    expect(await valid()).toEqual([false, true, true]);
    await rotate(second);
    expect(await valid()).toEqual([false, true, true]);
    await rotate(second, true);
    expect(await valid()).toEqual([false, true, false]);
  });

  it('sets new passwords, of which the server learns only a verifier', async () => {
    const changed = { ...secrets, hubDbPassword: `it's-"new"-$$` };
    await migrate({ ...changed, ownerUrl, orgContextKey: firstKey });
    const login = (password: string) =>
      withClient(as(admin, 'hub_runtime', encodeURIComponent(password)), (client) => client.query('select 1'));
    await login(changed.hubDbPassword);
    await expect(login(secrets.hubDbPassword)).rejects.toThrow(/password authentication failed/);
    await expect(migrate({ ...secrets, hubDbPassword: 'pässword', ownerUrl, orgContextKey: firstKey })).rejects.toThrow(
      /printable ASCII/,
    );
  });

  it('refuses roles that would undo row-level security', async () => {
    const mighty = migrateAfter('ALTER ROLE core_runtime BYPASSRLS', 'ALTER ROLE core_runtime NOBYPASSRLS');
    await expect(mighty).rejects.toThrow(/core_runtime: superuser, BYPASSRLS/);
    const member = migrateAfter('GRANT core_jobs TO hub_runtime', 'REVOKE core_jobs FROM hub_runtime');
    await expect(member).rejects.toThrow(/hub_runtime: superuser, BYPASSRLS/);
  });

  async function migrateAfter(change: string, undo: string): Promise<void> {
    await withClient(server.url, (client) => client.query(change));
    try {
      await migrate({ ...secrets, ownerUrl, orgContextKey: firstKey });
    } finally {
      await withClient(server.url, (client) => client.query(undo));
    }
  }

  it('says what an owner lacks', async () => {
    const { ownerUrl: weak } = await ownedDatabase('three', 'weak_owner', 'NOCREATEROLE');
    await expect(migrate({ ...secrets, ownerUrl: weak, orgContextKey: firstKey })).rejects.toThrow(/CREATEROLE.*ADMIN OPTION/);
    const foreign = as(await createDatabase(server.url, 'four'), 'clancy_owner', 'owner');
    await expect(migrate({ ...secrets, ownerUrl: foreign, orgContextKey: firstKey })).rejects.toThrow(/must own the database/);
  });

  it('says where it found no server', async () => {
    const nowhere = migrate({ ...secrets, ownerUrl: 'postgres://ann:x@127.0.0.1:1/none', orgContextKey: firstKey });
    await expect(nowhere).rejects.toThrow(MigrationError);
    await expect(nowhere).rejects.toThrow(/127\.0\.0\.1:1 as ann: .*ECONNREFUSED/);
  });

  it('fills in missing receipt partitions and leaves months of which rows lie in the default one', async () => {
    await withClient(admin, async (client) => {
      const partitions = async () =>
        (await client.query(`select count(*)::int as n from pg_inherits where inhparent = 'hub.receipts'::regclass`)).rows[0].n;
      const whole = await partitions();
      const month = (await client.query(`select to_char(now() at time zone 'UTC' + interval '2 months', 'YYYY_MM') as name`))
        .rows[0].name;
      await client.query(`drop table hub.receipts_${month}`);
      await client.query(`insert into hub.receipts (org_id, call_id, created_at, run_id, employee_id, employee_version, initiator_type,
        initiator_id, connection_id, capability, capability_version, digest, parameters_summary, outcome)
        values ('o', 'c', now() + interval '2 months', 'r', 'e', 1, 'person', 'u', 'conn', 'c', 1, '', '', 'succeeded')`);
      expect((await client.query('select hub.make_receipt_partitions(12) as made')).rows).toEqual([{ made: 0 }]);
      await client.query('delete from hub.receipts');
      expect((await client.query('select hub.make_receipt_partitions(12) as made')).rows).toEqual([{ made: 1 }]);
      expect(await partitions()).toBe(whole);
      await expect(client.query('select hub.make_receipt_partitions(1000)')).rejects.toThrow(DatabaseError);
    });
  });
});
