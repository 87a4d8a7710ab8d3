import { and, eq, sql } from 'drizzle-orm';
import type { OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { aboutRun, recordFact } from '../facts/record-fact.ts';

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
    .returning({ runId: approvals.runId });
  const [closed] = expired;
  if (!closed) return false;
  await recordFact(tx, { kind: 'ApprovalExpired', ...aboutRun(closed.runId), data: { approval_id: approvalId } });
  tx.audit({ action: 'approval.expire', objectType: 'approval', objectId: approvalId, allowed: true });
  return true;
}
