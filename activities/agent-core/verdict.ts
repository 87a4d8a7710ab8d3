import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { ExpireApprovalResult } from '../../contracts/agent-core-activities.ts';
import type { OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { editOf } from '../../api/approvals/edit.ts';
import type { ApprovalRow } from '../../api/approvals/views.ts';

/**
 * An approval of this run, held until the transaction ends.
 * @throws ClancyError `not_found`
 */
export async function lockApproval(tx: OrgTx, runId: string, approvalId: string): Promise<ApprovalRow> {
  const id = z.uuid().safeParse(approvalId);
  const isIt = and(eq(approvals.orgId, tx.orgId), eq(approvals.approvalId, id.data ?? ''), eq(approvals.runId, runId));
  const [row] = id.success ? await tx.db.select().from(approvals).where(isIt).for('update') : [];
  if (!row) throw new ClancyError('not_found', 'There is no such approval of this run.');
  return row;
}

/** What became of an approval, for the workflow that waits. */
export function verdictOf(row: ApprovalRow): ExpireApprovalResult {
  return {
    status: row.status,
    ...(row.decidedBy !== null && { decided_by: row.decidedBy }),
    ...(row.reason !== null && { reason: row.reason }),
    ...editOf(row),
  };
}
