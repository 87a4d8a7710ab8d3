import { and, eq, sql } from 'drizzle-orm';
import type { OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { aboutRun, recordFact } from '../facts/record-fact.ts';
import type { ApprovalRow } from './views.ts';

/** Notes a reminder of a pending approval: shown with it, and a fact for whoever listens. `approval` is locked. */
export async function remindOf(tx: OrgTx, { approvalId, runId }: ApprovalRow, number: number): Promise<void> {
  await tx.db
    .update(approvals)
    .set({ reminders: number, remindedAt: sql`now()` })
    .where(and(eq(approvals.orgId, tx.orgId), eq(approvals.approvalId, approvalId)));
  await recordFact(tx, { kind: 'ApprovalReminded', ...aboutRun(runId), data: { approval_id: approvalId, number } });
  tx.audit({ action: 'approval.remind', objectType: 'approval', objectId: approvalId, allowed: true, details: { number } });
}
