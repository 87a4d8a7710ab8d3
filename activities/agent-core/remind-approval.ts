import type { ExpireApprovalResult, RemindApprovalInput } from '../../contracts/agent-core-activities.ts';
import type { OrgTx } from '../../db/client.ts';
import { remindOf } from '../../api/approvals/remind.ts';
import type { AgentCoreActivity } from './as-activity.ts';
import { checkTicket, scopeOf } from './check-ticket.ts';
import type { AgentCoreActivityDeps } from './deps.ts';
import { lockApproval, verdictOf } from './verdict.ts';

/**
 * Reminds people of a question that nobody has answered yet, once per number, and tells what became of it: an answer whose
 * signal was lost is found here.
 *
 * @throws ClancyError `not_found`
 */
export function createRemindApproval(deps: AgentCoreActivityDeps): AgentCoreActivity<RemindApprovalInput, ExpireApprovalResult> {
  return async (input, place) => {
    const ticket = await checkTicket(deps, place, input);
    return deps.db.withOrg(scopeOf(ticket), (tx) => remind(tx, ticket.runId, input));
  };
}

async function remind(tx: OrgTx, runId: string, { approval_id, number }: RemindApprovalInput): Promise<ExpireApprovalResult> {
  const row = await lockApproval(tx, runId, approval_id);
  if (row.status === 'pending' && row.reminders < number) await remindOf(tx, row, number);
  return verdictOf(row);
}
