import { sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { KeyRows, OrgDataKey } from '../platform/secrets/key-rows.ts';
import type { CoreDatabase, Database, HubDatabase, OrgTx } from './client.ts';
import { eraseCore, eraseHub, type Erase } from './erase.ts';
import { coreDataKeys } from './schema/core/data-keys.ts';
import { hubDataKeys } from './schema/hub/data-keys.ts';
import { BY_KEYS_COMMAND, CORE_SECRETS, HUB_SECRETS, textOf, type ColumnOfSecrets } from './sealed-columns.ts';

export function coreDataKeyRows(db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead' | 'jobs'>): KeyRows {
  return { jobs: db.jobs, ...rowsOf(db, { table: coreDataKeys, secrets: CORE_SECRETS, erase: eraseCore }) };
}

export function hubDataKeyRows(db: Pick<HubDatabase, 'withOrg' | 'withOrgRead' | 'jobs'>): KeyRows {
  return { jobs: db.jobs, ...rowsOf(db, { table: hubDataKeys, secrets: HUB_SECRETS, erase: eraseHub }) };
}

interface Keys {
  table: PgTable;
  secrets: readonly ColumnOfSecrets[];
  erase: Erase;
}

const inOrg = (orgId: string): SQL => sql`org_id = ${orgId}`;
const NEWEST_FIRST = sql`order by created_at desc, kid desc`;

function rowsOf(db: Pick<Database, 'withOrg' | 'withOrgRead'>, { table, secrets, erase }: Keys): Omit<KeyRows, 'jobs'> {
  return {
    list: (orgId) =>
      db.withOrgRead({ orgId }, async (tx) => {
        const { rows } = await tx.db.execute<OrgDataKey & { [column: string]: unknown }>(
          sql`select kid, kek, (extract(epoch from clock_timestamp() - created_at) * 1000)::float8 as "ageMs",
            retired_at is not null as "isRetired" from ${table} where ${inOrg(orgId)} ${NEWEST_FIRST}`,
        );
        return rows;
      }),
    add: (orgId, { kid, wrapped }, after) =>
      db.withOrg({ orgId, ...BY_KEYS_COMMAND }, async (tx) => {
        const [inUse] = await lockAll(tx, table);
        if (inUse !== after) return false;
        await tx.db.execute(sql`insert into ${table} (org_id, kid, wrapped) values (${orgId}, ${kid}, ${wrapped})`);
        tx.audit({ action: 'data_key.rotate', objectType: 'data_key', objectId: kid, allowed: true });
        return true;
      }),
    underOther: (orgId, kek) =>
      db.withOrgRead({ orgId }, async (tx) => {
        const { rows } = await tx.db.execute<{ kid: string; wrapped: string }>(
          sql`select kid, wrapped from ${table} where ${inOrg(orgId)} and kek <> ${kek} order by kid`,
        );
        return rows;
      }),
    rewrap: (orgId, rows) =>
      db.withOrg({ orgId, ...BY_KEYS_COMMAND }, async (tx) => {
        let done = 0;
        for (const { kid, before, wrapped } of rows) {
          const { rowCount } = await tx.db.execute(
            sql`update ${table} set wrapped = ${wrapped} where ${inOrg(orgId)} and kid = ${kid} and wrapped = ${before}`,
          );
          if (rowCount !== 1) continue;
          done += 1;
          tx.audit({ action: 'data_key.rewrap', objectType: 'data_key', objectId: kid, allowed: true });
        }
        return done;
      }),
    retire: (orgId) =>
      db.withOrg({ orgId, ...BY_KEYS_COMMAND }, async (tx) => {
        const [, ...before] = await lockAll(tx, table);
        if (before.length === 0) return [];
        // In a statement of its own: what was committed while the lock was waited for is seen.
        if (await isNamed(tx, secrets, before)) return undefined;
        for (const kid of before) {
          await tx.db.execute(sql`update ${table} set retired_at = now() where ${inOrg(orgId)} and kid = ${kid}`);
          tx.audit({ action: 'data_key.retire', objectType: 'data_key', objectId: kid, allowed: true });
        }
        return before;
      }),
    shred: (orgId) =>
      db.withOrg({ orgId, ...BY_KEYS_COMMAND }, async (tx) => {
        const { rows } = await tx.db.execute<{ kid: string }>(sql`delete from ${table} where ${inOrg(orgId)} returning kid`);
        const { connections } = await erase(tx);
        const details = { keys: rows.map(({ kid }) => kid), connections };
        tx.audit({ action: 'data_key.shred', objectType: 'organisation', objectId: orgId, allowed: true, details });
        return { keys: rows.length, connections };
      }),
  };
}

/** The keys that are not retired, the newest first, locked against whoever is about to seal with one. */
async function lockAll(tx: OrgTx, table: PgTable): Promise<string[]> {
  const { rows } = await tx.db.execute<{ kid: string }>(
    sql`select kid from ${table} where ${inOrg(tx.orgId)} and retired_at is null ${NEWEST_FIRST} for update`,
  );
  return rows.map(({ kid }) => kid);
}

async function isNamed(tx: OrgTx, secrets: readonly ColumnOfSecrets[], kids: readonly string[]): Promise<boolean> {
  const list = sql.join(
    kids.map((kid) => sql`${kid}`),
    sql`, `,
  );
  for (const secret of secrets.filter(({ isGuarded }) => isGuarded)) {
    const names = sql`split_part(${textOf(secret)}, '.', 2) in (${list})`;
    const { rows } = await tx.db.execute(sql`select from ${secret.table} where ${inOrg(tx.orgId)} and ${names} limit 1`);
    if (rows.length > 0) return true;
  }
  return false;
}
