import { sql, type SQL } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { CoreDatabase, Database, HubDatabase } from './client.ts';
import type { KeyJobs } from './jobs.ts';
import { coreDataKeys } from './schema/core/data-keys.ts';
import { hubDataKeys } from './schema/hub/data-keys.ts';

/** A data key as it lies in its row. */
export interface DataKeyRow {
  readonly kid: string;
  readonly wrapped: string;
}

/** The wrapped data keys of one process, for whoever changes keys: over all organisations, one transaction for each. */
export interface DataKeyRows {
  readonly jobs: KeyJobs;
  /**
   * A further key of the organisation; as the newest it is the one in use.
   * @throws Error for an organisation without any, which is a slip of the pen: it gets its first one by itself
   */
  add(orgId: string, row: DataKeyRow): Promise<void>;
  /** The organisation's keys that another key encryption key than this one wraps. */
  underOther(orgId: string, kek: string): Promise<DataKeyRow[]>;
  /** Replaces texts that are still `before`; gives how many were. */
  rewrap(orgId: string, rows: readonly (DataKeyRow & { before: string })[]): Promise<number>;
}

export function coreDataKeyRows(db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead' | 'jobs'>): DataKeyRows {
  return { jobs: db.jobs, ...rowsOf(db, coreDataKeys) };
}

export function hubDataKeyRows(db: Pick<HubDatabase, 'withOrg' | 'withOrgRead' | 'jobs'>): DataKeyRows {
  return { jobs: db.jobs, ...rowsOf(db, hubDataKeys) };
}

const BY_COMMAND = { actor: { type: 'system', id: 'rotate-key' }, source: 'rotate-key' } as const;

function rowsOf(db: Pick<Database, 'withOrg' | 'withOrgRead'>, table: PgTable): Omit<DataKeyRows, 'jobs'> {
  const inOrg = (orgId: string): SQL => sql`org_id = ${orgId}`;
  return {
    add: (orgId, { kid, wrapped }) =>
      db.withOrg({ orgId, ...BY_COMMAND }, async (tx) => {
        const { rowCount } = await tx.db.execute(
          sql`insert into ${table} (org_id, kid, wrapped)
            select ${orgId}, ${kid}, ${wrapped} where exists (select from ${table} where ${inOrg(orgId)})`,
        );
        if (rowCount !== 1) throw new Error(`${orgId} has no data key that could be replaced`);
        tx.audit({ action: 'data_key.rotate', objectType: 'data_key', objectId: kid, allowed: true });
      }),
    underOther: (orgId, kek) =>
      db.withOrgRead({ orgId }, async (tx) => {
        const { rows } = await tx.db.execute<{ kid: string; wrapped: string }>(
          sql`select kid, wrapped from ${table} where ${inOrg(orgId)} and kek <> ${kek} order by kid`,
        );
        return rows;
      }),
    rewrap: (orgId, rows) =>
      db.withOrg({ orgId, ...BY_COMMAND }, async (tx) => {
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
  };
}
