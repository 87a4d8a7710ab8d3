import { randomBytes } from 'node:crypto';
import { eq, sql } from 'drizzle-orm';
import { Client, DatabaseError } from 'pg';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ClancyError } from '../contracts/errors.ts';
import { waitUntil } from '../dev/processes/wait-until.ts';
import { testDatabase, testOrgId } from '../test/database.ts';
import type { TestDatabase } from '../test/database.ts';
import { createCoreDatabase, createHubDatabase, isUniqueViolation } from './client.ts';
import type { CoreDatabase, OrgScope, OrgTx } from './client.ts';
import { grants } from './schema/authz/grants.ts';
import { coreAudit } from './schema/core/audit.ts';
import { hubAudit } from './schema/hub/audit.ts';
import { statement } from './statement.ts';

let database: TestDatabase;
let owner: Client;
let core: CoreDatabase;
let warnings: string[];
let scope: OrgScope;

beforeAll(async () => {
  database = await testDatabase();
  owner = new Client({ connectionString: database.ownerUrl });
  await owner.connect();
}, 60_000);

afterAll(async () => {
  await owner.end();
  await database.drop();
});

const options = () => ({
  url: database.coreUrl,
  orgContextKey: database.orgContextKey,
  logger: { warn: (_details: object, message: string) => void warnings.push(message) },
  max: 1,
});

beforeEach(() => {
  warnings = [];
  core = createCoreDatabase(options());
  scope = { orgId: testOrgId(), actor: { type: 'person', id: 'user_1' }, source: '192.0.2.7' };
});
afterEach(() => core.close());

const grantRow = () => ({
  orgId: scope.orgId,
  employeeId: 'e',
  capability: 'slack/slack.post',
  connectionId: 'conn_1',
  grantedBy: 'user_1',
});
const granted = { action: 'grant.create', objectType: 'grant', objectId: 'e slack/slack.post', allowed: true };
const countGrants = () => core.withOrgRead(scope, async ({ db }) => (await db.select().from(grants)).length);
const auditRows = () => core.withOrgRead(scope, ({ db }) => db.select().from(coreAudit));

/** Ends the backend of the transaction as an operator or a failover would. */
async function terminate(tx: OrgTx): Promise<void> {
  const { rows } = await tx.db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`);
  await owner.query('select pg_terminate_backend($1)', [rows[0]?.pid]);
}

describe('a transaction of an organisation', () => {
  it('commits the change together with its audit row', async () => {
    await core.withOrg(scope, async (tx) => {
      await tx.db.insert(grants).values(grantRow());
      tx.audit({ ...granted, details: { connection: 'conn_1' } });
    });
    expect(await countGrants()).toBe(1);
    expect(await auditRows()).toMatchObject([
      {
        orgId: scope.orgId,
        actorType: 'person',
        actorId: 'user_1',
        source: '192.0.2.7',
        ...granted,
        details: { connection: 'conn_1' },
      },
    ]);
  });

  it('is refused at the commit when it changed something and wrote no audit row', async () => {
    const silent = core.withOrg(scope, (tx) => tx.db.insert(grants).values(grantRow()));
    await expect(silent).rejects.toMatchObject({ code: 'CL001', message: 'change of authz.grants without an audit row' });
    expect(await countGrants()).toBe(0);
  });

  it('is not satisfied by the audit row of the transaction before on the same connection', async () => {
    await core.withOrg(scope, async (tx) => tx.audit(granted));
    const silent = core.withOrg(scope, (tx) => tx.db.insert(grants).values(grantRow()));
    await expect(silent).rejects.toMatchObject({ code: 'CL001' });
  });

  it('needs no audit row for reading, locking and changing nothing', async () => {
    await core.withOrg(scope, async (tx) => {
      await tx.db.insert(grants).values(grantRow());
      tx.audit(granted);
    });
    await core.withOrg(scope, async (tx) => {
      expect(await tx.db.select().from(grants).for('update')).toHaveLength(1);
      await tx.db.insert(grants).values(grantRow()).onConflictDoNothing();
      await tx.db
        .update(grants)
        .set({ employeeId: 'other' })
        .where(sql`false`);
    });
    expect(await auditRows()).toHaveLength(1);
  });

  it('keeps neither change nor audit row when the work fails', async () => {
    const failed = core.withOrg(scope, async (tx) => {
      await tx.db.insert(grants).values(grantRow());
      tx.audit(granted);
      throw new ClancyError('conflict', 'no');
    });
    await expect(failed).rejects.toMatchObject({ code: 'conflict', message: 'no' });
    expect(await countGrants()).toBe(0);
    expect(await auditRows()).toEqual([]);
  });

  it('makes its last changes before the commit, and none of them when one fails', async () => {
    const insert = (tx: OrgTx) => () => tx.db.insert(grants).values(grantRow()).execute();
    await core.withOrg(scope, async (tx) => {
      tx.lastly(insert(tx));
      tx.audit(granted);
    });
    expect(await countGrants()).toBe(1);
    const twice = core.withOrg(scope, async (tx) => {
      tx.lastly(() => tx.db.update(grants).set({ grantedBy: 'user_2' }).execute());
      tx.lastly(insert(tx));
      tx.audit(granted);
    });
    expect(isUniqueViolation(await twice.catch((error: unknown) => error))).toBe(true);
    expect(await core.withOrgRead(scope, ({ db }) => db.select().from(grants))).toMatchObject([{ grantedBy: 'user_1' }]);
    expect(await auditRows()).toHaveLength(1);
  });

  it('fails when one of its statements failed and its work did not notice', async () => {
    const unnoticed = core.withOrg(scope, async (tx) => {
      await tx.db.insert(grants).values(grantRow());
      await tx.db.execute(sql`select 1 / 0`).catch(() => undefined);
    });
    await expect(unnoticed).rejects.toThrow(/went unnoticed/);
    expect(await countGrants()).toBe(0);
  });

  it('can only read when opened for reading', async () => {
    const written = core.withOrgRead(scope, ({ db }) => db.insert(grants).values(grantRow()));
    await expect(written).rejects.toMatchObject({ code: '25006' });
  });

  it('records what was refused in a transaction of its own', async () => {
    await core.auditDenied(scope, { action: 'grant.create', objectType: 'grant', objectId: 'x' });
    expect(await auditRows()).toMatchObject([{ action: 'grant.create', objectId: 'x', allowed: false, details: {} }]);
  });

  it('writes to the audit of the process it belongs to', async () => {
    const hub = createHubDatabase({ ...options(), url: database.hubUrl });
    await hub.auditDenied(scope, { action: 'call.decide', objectType: 'call', objectId: 'x' });
    expect(await hub.withOrgRead(scope, ({ db }) => db.select().from(hubAudit))).toHaveLength(1);
    await hub.close();
  });

  it('says that the key is wrong rather than showing empty tables', async () => {
    const stranger = createCoreDatabase({ ...options(), orgContextKey: randomBytes(32) });
    await expect(stranger.withOrgRead(scope, async () => 'seen')).rejects.toThrow(/compare ORG_CONTEXT_KEY/);
    const written = stranger.withOrg(scope, ({ db }) => db.insert(grants).values(grantRow()));
    await expect(written).rejects.toThrow(/compare ORG_CONTEXT_KEY/);
    await stranger.close();
    expect(await countGrants()).toBe(0);
  });

  it('lets callers recognise a key that exists already, inside and outside', async () => {
    const twice = core.withOrg(scope, async ({ db }) => {
      await db.insert(grants).values(grantRow());
      const inside = await db
        .transaction((savepoint) => savepoint.insert(grants).values(grantRow()))
        .catch((error: unknown) => error);
      expect(isUniqueViolation(inside)).toBe(true);
      await db.insert(grants).values(grantRow());
    });
    const error = await twice.catch((reason: unknown) => reason);
    expect(isUniqueViolation(error)).toBe(true);
    expect(isUniqueViolation(error, 'grants_org_id_employee_id_capability_pk')).toBe(true);
    expect(isUniqueViolation(error, 'another')).toBe(false);
    expect(isUniqueViolation(new Error('other'))).toBe(false);
  });

  it('is invalid_request with text that no table can hold', async () => {
    const json = JSON.stringify({ text: '\u0000' });
    const failed = core.withOrg(scope, ({ db }) => db.execute(sql`select ${json}::jsonb`));
    await expect(failed).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('shows no parameter of a failed query', async () => {
    const failed = core.withOrg(scope, ({ db }) => db.execute(sql`select ${'hunter2'}::regclass`));
    const error = await failed.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(DatabaseError);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('params');
  });
});

describe('a prepared statement', () => {
  const named = statement((db) =>
    db
      .select({ employeeId: grants.employeeId })
      .from(grants)
      .where(eq(grants.capability, sql.placeholder('capability')))
      .prepare('grants_of_capability'),
  );
  const employees = (orgId: string) =>
    core.withOrgRead({ orgId }, ({ db }) => named(db).execute({ capability: 'slack/slack.post' }));

  it('is parsed once on a connection and sees the organisation of each of its uses', async () => {
    await core.withOrg(scope, async (tx) => {
      await tx.db.insert(grants).values(grantRow());
      tx.audit(granted);
    });
    expect(await employees(scope.orgId)).toEqual([{ employeeId: 'e' }]);
    expect(await employees(testOrgId())).toEqual([]);
    expect(await employees(scope.orgId)).toEqual([{ employeeId: 'e' }]);
    const { rows } = await core.withOrgRead(scope, ({ db }) =>
      db.execute(
        sql`select generic_plans + custom_plans as uses from pg_prepared_statements where name = 'grants_of_capability'`,
      ),
    );
    expect(rows).toEqual([{ uses: '3' }]);
  });
});

describe('a lost connection', () => {
  it('while idle is logged, and the next transaction gets another one', async () => {
    const { pid } = await core.withOrgRead(
      scope,
      async ({ db }) => (await db.execute<{ pid: number }>(sql`select pg_backend_pid() as pid`)).rows[0]!,
    );
    await owner.query('select pg_terminate_backend($1)', [pid]);
    await waitUntil(() => warnings.length > 0, { timeoutMs: 5_000, what: 'the lost connection to be noticed' });
    await expect(core.ping()).resolves.toBeUndefined();
  });

  it('in a transaction is dependency_unavailable, and frees its place in the pool', async () => {
    const lost = core.withOrg(scope, async (tx) => {
      await terminate(tx);
      await tx.db.execute(sql`select 1`);
    });
    await expect(lost).rejects.toMatchObject({ code: 'dependency_unavailable', details: { retryAfterMs: 1_000 } });
    expect(await countGrants()).toBe(0);
  });

  it('between two statements of a transaction does not end the process', async () => {
    const lost = core.withOrg(scope, async (tx) => {
      await terminate(tx);
      await waitUntil(() => warnings.length > 0, { timeoutMs: 5_000, what: 'the lost connection to be noticed' });
    });
    await expect(lost).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await core.ping();
  });

  it('is dependency_unavailable when there is no server at all', async () => {
    const nowhere = createCoreDatabase({ ...options(), url: 'postgres://core_runtime:x@127.0.0.1:1/none' });
    await expect(nowhere.ping()).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await expect(nowhere.withOrgRead(scope, async () => 1)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await expect(nowhere.jobs.openRuns(1)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    await nowhere.close();
  });

  it('can be closed twice', async () => {
    await core.close();
    await expect(core.close()).resolves.toBeUndefined();
  });
});
