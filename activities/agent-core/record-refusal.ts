import type { RecordRefusalInput } from '../../contracts/agent-core-activities.ts';
import type { AgentCoreActivity } from './as-activity.ts';
import { checkTicket, scopeOf } from './check-ticket.ts';
import type { AgentCoreActivityDeps } from './deps.ts';

/**
 * Leaves in the audit that a model of a skill asked for a tool that the skill does not declare. Nothing was called.
 * @throws ClancyError `ticket_invalid`, `ids_disagree`.
 */
export function createRecordRefusal(deps: AgentCoreActivityDeps): AgentCoreActivity<RecordRefusalInput, void> {
  return async (input, place) => {
    const ticket = await checkTicket(deps, place, input);
    await deps.db.auditDenied(scopeOf(ticket), {
      action: 'tool.use',
      objectType: 'run',
      objectId: ticket.runId,
      details: {
        skill_run: input.skill_run.slice(0, 300),
        micro_agent: input.path.slice(0, 500),
        tool: input.tool.slice(0, 200),
        reason: input.reason.slice(0, 200),
      },
    });
  };
}
