import { ClancyError } from '../../contracts/errors.ts';
import { parseSkillRunId } from '../../contracts/ids.ts';
import type { OrgScope } from '../../db/client.ts';
import { AuthError } from '../../platform/auth/auth-error.ts';
import type { RunTicket } from '../../platform/auth/run-ticket.ts';
import type { ActivityPlace } from './as-activity.ts';
import type { AgentCoreActivityDeps } from './deps.ts';

/**
 * The ticket, if it is one of ours and of the very run that this activity works for: the workflow is the run or one of
 * its skill runs, as Temporal says. A ticket of another run leaves a trace in its organisation.
 *
 * @throws ClancyError `ticket_invalid`, or `ids_disagree`.
 */
export async function checkTicket(
  deps: AgentCoreActivityDeps,
  place: ActivityPlace,
  claimed: { ticket: string; run_id: string },
): Promise<RunTicket> {
  const ticket = await verify(deps, claimed.ticket);
  const runOfWorkflow = parseSkillRunId(place.workflowId)?.run ?? place.workflowId;
  if (ticket.runId === claimed.run_id && ticket.runId === runOfWorkflow) return ticket;
  await deps.db.auditDenied(scopeOf(ticket), {
    action: 'ticket.use',
    objectType: 'run',
    objectId: ticket.runId,
    details: { workflow_id: place.workflowId.slice(0, 300) },
  });
  throw new ClancyError('ids_disagree', 'The ticket belongs to another run.');
}

async function verify(deps: AgentCoreActivityDeps, ticket: string): Promise<RunTicket> {
  try {
    return await deps.verifyTicket(ticket);
  } catch (error) {
    if (error instanceof AuthError) throw new ClancyError('ticket_invalid', 'The run ticket is not valid.');
    throw error;
  }
}

/** The employee of the ticket as the actor of a change. */
export function scopeOf(ticket: Pick<RunTicket, 'orgId' | 'employeeId'>): OrgScope {
  return { orgId: ticket.orgId, actor: { type: 'agent', id: ticket.employeeId }, source: 'agent-core worker' };
}
