import { desc, eq, sql } from 'drizzle-orm';
import type { OrgReadTx } from '../../db/client.ts';
import { receipts } from '../../db/schema/hub/receipts.ts';
import { findEntry, type LedgerEntry } from '../proxy/ledger-entry.ts';

/** The organisation's newest receipts, among which one of the capability is looked for. */
const MAX_LOOKED_AT = 2_000;

/** The newest call of this capability that was really made and has a result, whoever made it. */
export async function findEarlierCall(tx: OrgReadTx, qualified: string): Promise<LedgerEntry | undefined> {
  const newest = tx.db
    .select({
      callId: receipts.callId,
      createdAt: receipts.createdAt,
      isOne:
        sql<boolean>`(${receipts.capability} = ${qualified} and ${receipts.outcome} = 'succeeded' and ${receipts.mode} = 'live')`.as(
          'is_one',
        ),
    })
    .from(receipts)
    .where(eq(receipts.orgId, tx.orgId))
    .orderBy(desc(receipts.createdAt), desc(receipts.callId))
    .limit(MAX_LOOKED_AT)
    .as('newest');
  const [found] = await tx.db
    .select({ callId: newest.callId })
    .from(newest)
    .where(sql`${newest.isOne}`)
    .orderBy(desc(newest.createdAt))
    .limit(1);
  const entry = found && (await findEntry(tx, found.callId));
  return entry?.state === 'succeeded' && entry.result !== null ? entry : undefined;
}
