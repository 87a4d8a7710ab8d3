import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { ExpireApprovalInput, ExpireApprovalResult } from '../../contracts/run.ts';
import type { OrgTx } from '../../db/client.ts';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { expireNow } from '../../api/approvals/expire.ts';
import type { AgentCoreActivity } from './as-activity.ts';
import { checkTicket, scopeOf } from './check-ticket.ts';
import type { AgentCoreActivityDeps } from './deps.ts';

/**
 * Closes a question that nobody answered in time, and tells what became of it: a person may have been faster. The
 * database's clock decides what "in time" is; a workflow whose clock is ahead hears `pending` and asks again.
 *
 * @throws ClancyError `not_found`
 */
export function createExpireApproval(deps: AgentCoreActivityDeps): AgentCoreActivity<ExpireApprovalInput, ExpireApprovalResult> {
  return async (input, place) => {
    const ticket = await checkTicket(deps, place, input);
    const approvalId = z.uuid().safeParse(input.approval_id);
    if (!approvalId.success) throw notFound();
    return deps.db.withOrg(scopeOf(ticket), (tx) => expire(tx, ticket.runId, approvalId.data));
  };
}

async function expire(tx: OrgTx, runId: string, approvalId: string): Promise<ExpireApprovalResult> {
  const isIt = and(eq(approvals.orgId, tx.orgId), eq(approvals.approvalId, approvalId), eq(approvals.runId, runId));
  const [row] = await tx.db.select().from(approvals).where(isIt).for('update');
  if (!row) throw notFound();
  if (row.status === 'pending') return { status: (await expireNow(tx, approvalId)) ? 'expired' : 'pending' };
  return {
    status: row.status,
    ...(row.decidedBy !== null && { decided_by: row.decidedBy }),
    ...(row.reason !== null && { reason: row.reason }),
  };
}

function notFound(): ClancyError {
  return new ClancyError('not_found', 'There is no such approval of this run.');
}
