import type { ExpireApprovalInput, ExpireApprovalResult } from '../../contracts/agent-core-activities.ts';
import type { OrgTx } from '../../db/client.ts';
import { expireNow } from '../../api/approvals/expire.ts';
import type { AgentCoreActivity } from './as-activity.ts';
import { checkTicket, scopeOf } from './check-ticket.ts';
import type { AgentCoreActivityDeps } from './deps.ts';
import { lockApproval, verdictOf } from './verdict.ts';

/**
 * Closes a question that nobody answered in time, and tells what became of it: a person may have been faster. The
 * database's clock decides what "in time" is; a workflow whose clock is ahead hears `pending` and asks again.
 *
 * @throws ClancyError `not_found`
 */
export function createExpireApproval(deps: AgentCoreActivityDeps): AgentCoreActivity<ExpireApprovalInput, ExpireApprovalResult> {
  return async (input, place) => {
    const ticket = await checkTicket(deps, place, input);
    return deps.db.withOrg(scopeOf(ticket), (tx) => expire(tx, ticket.runId, input.approval_id));
  };
}

async function expire(tx: OrgTx, runId: string, approvalId: string): Promise<ExpireApprovalResult> {
  const row = await lockApproval(tx, runId, approvalId);
  if (row.status === 'pending') return { status: (await expireNow(tx, approvalId)) ? 'expired' : 'pending' };
  return verdictOf(row);
}
