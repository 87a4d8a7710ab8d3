import { ClancyError } from '../../../contracts/errors.ts';
import { parseCallId, parseSkillRunId } from '../../../contracts/ids.ts';
import type { CallCapabilityInput } from '../../../contracts/call.ts';
import { claimsOf } from './ticket-claims.ts';

/**
 * Compares what the call says with the workflow that asks, before any token is fetched. The ticket is read, not verified:
 * Agent-Core and ConnectHub do that; here a workflow that carries another run's ticket is found out.
 * @throws ClancyError `ids_disagree` or `ticket_invalid`.
 */
export function assertOwnIds(input: CallCapabilityInput, workflowId: string): void {
  const ticket = claimsOf(input.ticket);
  const run = parseSkillRunId(workflowId)?.run ?? workflowId;
  if (ticket.run_id !== run || input.run_id !== run) {
    throw new ClancyError('ids_disagree', 'the ticket or the call belongs to another run than the workflow');
  }
  const call = parseCallId(input.call_id);
  if (!call || parseSkillRunId(call.skillRun)?.run !== ticket.call_scope) {
    throw new ClancyError('ids_disagree', 'the call id is not from the call scope of the ticket');
  }
}
