import { and, eq } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import type { ApprovalRow } from './views.ts';

/**
 * The organisation's approval; with `lock`, held until the transaction ends.
 * @throws ClancyError `not_found`
 */
export async function findApproval(tx: OrgReadTx, approvalId: string, lock?: 'update'): Promise<ApprovalRow> {
  const query = tx.db
    .select()
    .from(approvals)
    .where(and(eq(approvals.orgId, tx.orgId), eq(approvals.approvalId, approvalId)));
  const [row] = await (lock ? query.for(lock) : query);
  if (!row) throw new ClancyError('not_found', 'There is no such approval.', { next: 'GET /v1/approvals lists them.' });
  return row;
}
