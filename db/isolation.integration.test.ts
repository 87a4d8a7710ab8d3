import { randomBytes } from 'node:crypto';
import { sql } from 'drizzle-orm';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeEmployeeId } from '../contracts/ids.ts';
import { createOrgContextSigner, signOrgContext } from '../platform/auth/org-context.ts';
import { testDatabase, testOrgId } from '../test/database.ts';
import type { TestDatabase } from '../test/database.ts';
import { insertEmployee } from '../test/rows.ts';
import { createCoreDatabase } from './client.ts';
import type { CoreDatabase, OrgScope } from './client.ts';
import { coreAudit } from './schema/core/audit.ts';
import { employeeVersions } from './schema/core/employee-versions.ts';
import { employees } from './schema/core/employees.ts';
import { inOrganisation } from './transaction.ts';

const orgA = testOrgId();
const orgB = testOrgId();
let database: TestDatabase;
let owner: Client;
/** The runtime role without our client. */
let raw: Client;
let core: CoreDatabase;
let employeeOfB: string;

beforeAll(async () => {
  database = await testDatabase();
  owner = new Client({ connectionString: database.ownerUrl });
  raw = new Client({ connectionString: database.coreUrl });
  await Promise.all([owner.connect(), raw.connect()]);
  core = createCoreDatabase({ url: database.coreUrl, orgContextKey: database.orgContextKey, logger: { warn: () => {} } });
  await insertEmployee(owner, orgA);
  employeeOfB = await insertEmployee(owner, orgB);
}, 60_000);

afterAll(async () => {
  await core.close();
  await Promise.all([owner.end(), raw.end()]);
  await database.drop();
});

const scope = (orgId: string): OrgScope => ({ orgId, actor: { type: 'person', id: 'user_1' }, source: '127.0.0.1' });

/** Organisations whose employees the runtime role sees under a setting of its own choice. */
async function visibleUnder(setting: string): Promise<string[]> {
  await raw.query('begin');
  try {
    await raw.query(`select set_config('app.org', $1, true)`, [setting]);
    const { rows } = await raw.query<{ org_id: string }>('select distinct org_id from core.employees');
    return rows.map((row) => row.org_id);
  } finally {
    await raw.query('rollback');
  }
}

const newEmployee = (orgId: string) => ({
  orgId,
  employeeId: makeEmployeeId(randomBytes(16)),
  name: 'Bob',
  ownerUserId: 'user_1',
});

describe('row-level security', () => {
  it('shows nothing without an organisation', async () => {
    expect((await raw.query('select * from core.employees')).rows).toEqual([]);
  });

  it('shows one organisation under its signed setting', async () => {
    expect(await visibleUnder(signOrgContext(database.orgContextKey, orgA, 60_000, Date.now()))).toEqual([orgA]);
  });

  it.each([
    ['an empty setting', () => ''],
    ['a bare organisation', () => orgB],
    ['another key', () => signOrgContext(randomBytes(32), orgB, 60_000, Date.now())],
    ['an expired setting', () => signOrgContext(database.orgContextKey, orgB, 60_000, Date.now() - 120_000)],
    [
      'the signature of another organisation',
      () => signOrgContext(database.orgContextKey, orgA, 60_000, Date.now()).replace(orgA, orgB),
    ],
    [
      'a later expiry',
      () => signOrgContext(database.orgContextKey, orgB, 60_000, Date.now()).replace(/\|\d+\|/, '|99999999999|'),
    ],
    ['an expiry that is no number', () => `${orgB}|soon|${'0'.repeat(64)}`],
    ['a fourth part', () => `${signOrgContext(database.orgContextKey, orgB, 60_000, Date.now())}|`],
  ])('shows nothing and raises nothing under %s', async (_what, setting) => {
    expect(await visibleUnder(setting())).toEqual([]);
  });

  it('gives injected SQL that sets the setting nothing of the other organisation', async () => {
    for (const forged of [orgB, `${orgB}|99999999999|${'0'.repeat(64)}`]) {
      const seen = await core.withOrgRead({ orgId: orgA }, ({ db }) =>
        db
          .select()
          .from(employees)
          .where(sql`set_config('app.org', ${forged}, true) is not null`),
      );
      expect(seen.filter((row) => row.orgId !== orgA)).toEqual([]);
    }
  });

  it('refuses a row of another organisation, and changes none', async () => {
    const foreign = core.withOrg(scope(orgA), ({ db }) => db.insert(employees).values(newEmployee(orgB)));
    await expect(foreign).rejects.toMatchObject({ code: '42501' });
    const moved = core.withOrg(scope(orgA), ({ db }) => db.update(employees).set({ orgId: orgB }));
    await expect(moved).rejects.toMatchObject({ code: '42501' });
    const changed = await core.withOrg(scope(orgA), async ({ db }) => {
      const { rowCount } = await db
        .update(employees)
        .set({ name: 'Eve' })
        .where(sql`employee_id = ${employeeOfB}`);
      return rowCount;
    });
    expect(changed).toBe(0);
  });

  it('refuses a reference to a row of another organisation, even to the owner', async () => {
    const version = {
      orgId: orgA,
      employeeId: employeeOfB,
      version: 2,
      jobDescription: '',
      definition: sql`'{}'`,
      explanation: sql`'{}'`,
      contentHash: '',
      createdBy: 'user_1',
    };
    const crossed = core.withOrg(scope(orgA), ({ db }) => db.insert(employeeVersions).values(version));
    await expect(crossed).rejects.toMatchObject({ code: '23503' });
    const asOwner = owner.query('update core.employee_versions set org_id = $1 where employee_id = $2', [orgA, employeeOfB]);
    await expect(asOwner).rejects.toMatchObject({ code: '23503' });
  });
});

describe('2,000 mixed commits and rollbacks on a pool of 5', { timeout: 120_000 }, () => {
  it('leak no organisation into one another or out of a transaction', async () => {
    const pool = new Pool({ connectionString: database.coreUrl, max: 5, pipeline: true });
    const context = { pool, signOrg: createOrgContextSigner(database.orgContextKey), auditTable: coreAudit };
    const leaks: string[] = [];
    const work = async (n: number) => {
      const orgId = n % 2 === 0 ? orgA : orgB;
      await inOrganisation(context, scope(orgId), async (tx) => {
        if (n % 20 === 0) await tx.db.insert(employees).values(newEmployee(orgId));
        if (n % 20 === 0) tx.audit({ action: 'employee.create', objectType: 'employee', objectId: 'x', allowed: true });
        const rows = await tx.db.selectDistinct({ orgId: employees.orgId }).from(employees);
        if (rows.length !== 1 || rows[0]?.orgId !== orgId) leaks.push(`${n}: ${JSON.stringify(rows)}`);
        if (n % 3 === 0) throw new Error('rolled back on purpose');
      }).catch((error: unknown) => {
        if (!(error instanceof Error) || error.message !== 'rolled back on purpose') throw error;
      });
    };
    let next = 0;
    const lane = async () => {
      while (next < 2_000) await work(next++);
    };
    await Promise.all(Array.from({ length: 8 }, lane));
    expect(leaks).toEqual([]);

    const clients = await Promise.all(Array.from({ length: 5 }, () => pool.connect()));
    for (const client of clients) {
      expect((await client.query('select * from core.employees')).rows).toEqual([]);
      client.release();
    }
    await pool.end();
  });
});
