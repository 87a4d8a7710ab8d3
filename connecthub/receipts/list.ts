import { and, desc, eq, sql } from 'drizzle-orm';
import type { HubDatabase } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { receipts } from '../../db/schema/hub/receipts.ts';
import { toPage, type Cursors } from '../../platform/http/page.ts';
import { isEditedIn, receiptColumns, toWire, type Receipt } from './wire.ts';

export interface ReceiptQuery {
  limit: number;
  cursor?: string | undefined;
  run_id?: string | undefined;
  employee_id?: string | undefined;
  /** Qualified. */
  capability?: string | undefined;
  outcome?: Receipt['outcome'] | undefined;
}

/** Newest first. */
export async function listReceipts(database: HubDatabase, cursors: Cursors, orgId: string, query: ReceiptQuery) {
  const { limit: _limit, cursor: _cursor, ...filters } = query;
  const list = `receipts ${JSON.stringify(filters)}`;
  const after = query.cursor === undefined ? undefined : cursors.decode(list, orgId, query.cursor);
  const isWanted = and(
    eq(receipts.orgId, orgId),
    query.run_id === undefined ? undefined : eq(receipts.runId, query.run_id),
    query.employee_id === undefined ? undefined : eq(receipts.employeeId, query.employee_id),
    query.capability === undefined ? undefined : eq(receipts.capability, query.capability),
    query.outcome === undefined ? undefined : eq(receipts.outcome, query.outcome),
    after && sql`(${receipts.createdAt}, ${receipts.callId}) < (${after.at.toISOString()}::timestamptz, ${after.id})`,
  );
  const rows = await database.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select(receiptColumns)
      .from(receipts)
      .leftJoin(approvals, isEditedIn)
      .where(isWanted)
      .orderBy(desc(receipts.createdAt), desc(receipts.callId))
      .limit(query.limit + 1),
  );
  const { items, next_cursor } = toPage(rows, query.limit, ({ row }) =>
    cursors.encode(list, orgId, { at: row.createdAt, id: row.callId }),
  );
  return { items: items.map(toWire), next_cursor };
}
