import { z } from 'zod';
import { auditEntrySchema, auditFilters, auditSealSchema, type AuditEntry, type AuditSeal } from '../../contracts/audit.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import type { Database } from '../client.ts';
import { readAudit, readSeals, type AuditLog } from './read-audit.ts';

export const listAuditQuery = z.strictObject({ ...pageQuery, ...auditFilters });
export const auditPage = pageSchema(auditEntrySchema);
export const listSealsQuery = z.strictObject({
  limit: pageQuery.limit,
  after: z.coerce.number().int().min(0).default(0).describe('Behind this block'),
});
export const sealsPage = z.strictObject({ items: z.array(auditSealSchema) });

interface AuditLists {
  db: Pick<Database, 'withOrgRead'>;
  cursors: Cursors;
  log: AuditLog;
}

/** A page of the organisation's audit at one of the services. */
export async function listAudit(
  { db, cursors, log }: AuditLists,
  orgId: string,
  query: z.infer<typeof listAuditQuery>,
): Promise<{ items: AuditEntry[]; next_cursor: string | null }> {
  const { limit, cursor, ...filter } = query;
  const list = `audit ${JSON.stringify(filter)}`;
  const behind = cursor === undefined ? undefined : cursors.decode(list, orgId, cursor);
  const rows = await db.withOrgRead({ orgId }, (tx) => readAudit(tx, log, filter, { behind, limit: limit + 1 }));
  return toPage(rows, limit, (row) => cursors.encode(list, orgId, { at: new Date(row.at), id: row.audit_id }));
}

/** The chain over it, the first seals first. */
export async function listSeals(
  { db, log }: Omit<AuditLists, 'cursors'>,
  orgId: string,
  { after, limit }: z.infer<typeof listSealsQuery>,
): Promise<{ items: AuditSeal[] }> {
  return { items: await db.withOrgRead({ orgId }, (tx) => readSeals(tx, log, after, limit)) };
}
