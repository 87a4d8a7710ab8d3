import { and, eq, sql } from 'drizzle-orm';
import type { OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';

/**
 * Closes a pending approval whose time is over, by the database's clock.
 * @returns false while there is time left.
 */
export async function expireNow(tx: OrgTx, approvalId: string): Promise<boolean> {
  const expired = await tx.db
    .update(approvals)
    .set({ status: 'expired', decidedAt: sql`now()` })
    .where(
      and(
        eq(approvals.orgId, tx.orgId),
        eq(approvals.approvalId, approvalId),
        eq(approvals.status, 'pending'),
        sql`${approvals.expiresAt} <= now()`,
      ),
    )
    .returning({ id: approvals.approvalId });
  if (expired.length === 0) return false;
  tx.audit({ action: 'approval.expire', objectType: 'approval', objectId: approvalId, allowed: true });
  return true;
}
