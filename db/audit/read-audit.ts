import { and, asc, desc, eq, gt, gte, like, lte, sql } from 'drizzle-orm';
import type { AuditEntry, AuditSeal } from '../../contracts/audit.ts';
import type { OrgReadTx } from '../scope.ts';
import type { coreAudit } from '../schema/core/audit.ts';
import type { coreAuditSeals } from '../schema/core/audit-seals.ts';
import type { hubAudit } from '../schema/hub/audit.ts';
import type { hubAuditSeals } from '../schema/hub/audit-seals.ts';

/** The audit of one of the services: each has its own, in its own schema. */
export type AuditLog =
  | { schema: 'core'; rows: typeof coreAudit; seals: typeof coreAuditSeals }
  | { schema: 'hub'; rows: typeof hubAudit; seals: typeof hubAuditSeals };

export interface AuditFilter {
  actor_id?: string | undefined;
  /** `run.start`, or `run.*`. */
  action?: string | undefined;
  object_type?: string | undefined;
  object_id?: string | undefined;
  allowed?: 'true' | 'false' | undefined;
  /** Inclusive, both. */
  since?: string | undefined;
  until?: string | undefined;
  order: 'asc' | 'desc';
}

/** Entries behind a position, in the order of time and then of id. */
export async function readAudit(
  tx: OrgReadTx,
  { rows: table }: AuditLog,
  filter: AuditFilter,
  page: { behind?: { at: Date; id: string } | undefined; limit?: number },
): Promise<AuditEntry[]> {
  const { behind, limit } = page;
  const than = filter.order === 'asc' ? sql`>` : sql`<`;
  const by = filter.order === 'asc' ? asc : desc;
  const query = tx.db
    .select()
    .from(table)
    .where(
      and(
        eq(table.orgId, tx.orgId),
        filter.actor_id === undefined ? undefined : eq(table.actorId, filter.actor_id),
        isAction(table, filter.action),
        filter.object_type === undefined ? undefined : eq(table.objectType, filter.object_type),
        filter.object_id === undefined ? undefined : eq(table.objectId, filter.object_id),
        filter.allowed && eq(table.allowed, filter.allowed === 'true'),
        filter.since === undefined ? undefined : gte(table.at, new Date(filter.since)),
        filter.until === undefined ? undefined : lte(table.at, new Date(filter.until)),
        behind && sql`(${table.at}, ${table.auditId}) ${than} (${behind.at.toISOString()}::timestamptz, ${behind.id}::uuid)`,
      ),
    )
    .orderBy(by(table.at), by(table.auditId));
  return (await (limit === undefined ? query : query.limit(limit))).map(toAuditEntry);
}

function isAction(table: AuditLog['rows'], action: string | undefined) {
  if (action === undefined) return undefined;
  // The wire allows letters, dots and underscores alone; the last are wildcards of LIKE.
  if (action.endsWith('.*')) return like(table.action, `${action.slice(0, -1).replaceAll('_', '\\_')}%`);
  return eq(table.action, action);
}

/** Seals of the chain behind a block, the first ones first. */
export async function readSeals(tx: OrgReadTx, { seals }: AuditLog, after: number, limit: number): Promise<AuditSeal[]> {
  const rows = await tx.db
    .select()
    .from(seals)
    .where(and(eq(seals.orgId, tx.orgId), gt(seals.block, after)))
    .orderBy(asc(seals.block))
    .limit(limit);
  return rows.map(toSeal);
}

/** The last seal of the chain. */
export async function lastSeal(tx: OrgReadTx, { seals }: AuditLog): Promise<AuditSeal | undefined> {
  const [row] = await tx.db.select().from(seals).where(eq(seals.orgId, tx.orgId)).orderBy(desc(seals.block)).limit(1);
  return row && toSeal(row);
}

function toAuditEntry(row: (typeof coreAudit | typeof hubAudit)['$inferSelect']): AuditEntry {
  return {
    audit_id: row.auditId,
    at: row.at.toISOString(),
    actor_type: row.actorType,
    actor_id: row.actorId,
    action: row.action,
    object_type: row.objectType,
    object_id: row.objectId,
    source: row.source,
    allowed: row.allowed,
    details: row.details,
  };
}

function toSeal(row: (typeof coreAuditSeals | typeof hubAuditSeals)['$inferSelect']): AuditSeal {
  return {
    block: row.block,
    from_at: row.fromAt?.toISOString() ?? null,
    to_at: row.toAt.toISOString(),
    rows: row.rows,
    previous: row.previous,
    hash: row.hash,
  };
}
