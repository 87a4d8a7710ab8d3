import { sql } from 'drizzle-orm';
import { drizzle } from 'drizzle-orm/node-postgres';
import type { Pool, PoolClient } from 'pg';
import { signOrgContext } from '../platform/auth/org-context.ts';
import type { coreAudit } from './schema/core/audit.ts';
import type { hubAudit } from './schema/hub/audit.ts';
import type { AuditEntry, OrgDb, OrgScope, OrgTx } from './scope.ts';

/** Far more than any transaction takes and any two clocks differ; compared with the transaction's start. */
const ORG_CONTEXT_TTL_MS = 5 * 60_000;

export type AuditTable = typeof coreAudit | typeof hubAudit;

interface TransactionContext {
  readonly pool: Pool;
  readonly orgContextKey: Buffer;
  readonly auditTable: AuditTable;
}

type ReadScope = Pick<OrgScope, 'orgId'>;

/** One transaction of one organisation: for changes with a full scope, read-only with nothing but the organisation. */
export async function inOrganisation<T>(
  context: TransactionContext,
  scope: OrgScope | ReadScope,
  work: (tx: OrgTx) => Promise<T>,
): Promise<T> {
  const signed = signOrgContext(context.orgContextKey, scope.orgId, ORG_CONTEXT_TTL_MS, Date.now());
  const accessMode = 'actor' in scope ? 'read write' : 'read only';
  return withClient(context.pool, (client) =>
    drizzle(client).transaction(
      async (db) => {
        await enterOrganisation(db, scope.orgId, signed);
        const entries: AuditEntry[] = [];
        const result = await work({ orgId: scope.orgId, db, audit: (entry) => void entries.push(entry) });
        if ('actor' in scope) await writeAudit(db, context.auditTable, scope, entries);
        return result;
      },
      { accessMode },
    ),
  );
}

/** The pool itself drops a connection that was lost meanwhile. */
async function withClient<T>(pool: Pool, work: (client: PoolClient) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    return await work(client);
  } finally {
    client.release();
  }
}

/** Without the second half, a wrong key or clock would show as empty tables. */
async function enterOrganisation(db: OrgDb, orgId: string, signed: string): Promise<void> {
  const { rows } = await db.execute<{ org: string | null }>(
    sql`select set_config('app.org', ${signed}, true), app.current_org() as org`,
  );
  if (rows[0]?.org !== orgId) {
    throw new Error('the database refuses the organisation context: compare ORG_CONTEXT_KEY and the clocks of both machines');
  }
}

async function writeAudit(db: OrgDb, table: AuditTable, scope: OrgScope, entries: AuditEntry[]): Promise<void> {
  if (entries.length === 0) return;
  const who = { orgId: scope.orgId, actorType: scope.actor.type, actorId: scope.actor.id, source: scope.source };
  const { impersonatedBy } = scope.actor;
  const rows = entries.map((entry) => ({ ...entry, ...who }));
  await db
    .insert(table)
    .values(
      impersonatedBy === undefined
        ? rows
        : rows.map((row) => ({ ...row, details: { ...row.details, impersonated_by: impersonatedBy } })),
    );
}
