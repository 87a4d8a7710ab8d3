import { and, desc, eq } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { receipts } from '../../db/schema/hub/receipts.ts';
import { isEditedIn, receiptColumns, toWire, type Receipt } from './wire.ts';

/** @throws ClancyError `not_found` */
export async function findReceipt(tx: OrgReadTx, callId: string): Promise<Receipt> {
  const rows = await tx.db
    .select(receiptColumns)
    .from(receipts)
    .leftJoin(approvals, isEditedIn)
    .where(and(eq(receipts.orgId, tx.orgId), eq(receipts.callId, callId)))
    .orderBy(desc(receipts.createdAt))
    .limit(1);
  const row = rows[0];
  if (!row) throw new ClancyError('not_found', 'There is no such receipt.');
  return toWire(row);
}
