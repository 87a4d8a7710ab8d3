import { ClancyError } from '../../contracts/errors.ts';
import { executionResultSchema, type ExecutionResult } from '../../contracts/events.ts';
import type { WrittenMemory } from '../../contracts/memory.ts';
import type { RecordRunResultInput, RememberedBySkill } from '../../contracts/agent-core-activities.ts';
import { rememberedSchema } from '../../api/memory/asks.ts';
import { closeRun } from '../../api/runs/close.ts';
import { findRun, isOpen, type RunRow } from '../../api/runs/find.ts';
import type { OrgTx } from '../../db/client.ts';
import type { ActivityPlace, AgentCoreActivity } from './as-activity.ts';
import { checkTicket, scopeOf } from './check-ticket.ts';
import type { AgentCoreActivityDeps } from './deps.ts';

/**
 * The last step of a run: its result, its facts and the end of its rights in one transaction. A repetition, and a run
 * that the reconciler has closed meanwhile, change nothing.
 *
 * @throws ClancyError `ids_disagree`, `invalid_request`
 */
export function createRecordRunResult(deps: AgentCoreActivityDeps): AgentCoreActivity<RecordRunResultInput, void> {
  return async (input, place) => {
    const ticket = await checkTicket(deps, place, { ticket: input.ticket, run_id: input.workflow_id });
    const parsed = executionResultSchema.safeParse(input.result);
    if (!parsed.success) throw new ClancyError('invalid_request', 'The result breaks its contract.');
    const remembered = rememberedSchema.safeParse(input.remembered ?? []);
    if (!remembered.success) throw new ClancyError('invalid_request', 'What is to be remembered breaks its contract.');
    if (remembered.data.length > 0) await deps.memory.prepareToRemember(ticket.orgId);
    await deps.db.withOrg(scopeOf(ticket), async (tx) => {
      const run = await findRun(tx, ticket.runId, 'update');
      checkIds(run, place, input, parsed.data);
      await closeRun(tx, run, parsed.data, 'workflow', await remember(deps, tx, run, remembered.data));
    });
  };
}

/** What only shows what it would do is remembered by nobody; what has been recorded is not remembered again. */
async function remember(
  deps: AgentCoreActivityDeps,
  tx: OrgTx,
  run: RunRow,
  asks: RememberedBySkill[],
): Promise<WrittenMemory[] | null> {
  if (asks.length === 0 || run.mode === 'rehearsal' || !isOpen(run)) return null;
  return deps.memory.remember(tx, run, asks);
}

/** A run ends in its own workflow only, not in one of its skill runs, and as itself. */
function checkIds(run: RunRow, place: ActivityPlace, input: RecordRunResultInput, result: ExecutionResult): void {
  const agrees =
    place.workflowId === run.runId &&
    input.workflow_id === place.workflowId &&
    input.temporal_run_id === place.temporalRunId &&
    // Unknown until the relay has noted its start, which a short run may overtake.
    (run.temporalRunId === null || run.temporalRunId === place.temporalRunId) &&
    result.run_id === run.runId &&
    result.org_id === run.orgId &&
    result.employee_id === run.employeeId &&
    result.execution_id === run.executionId;
  if (!agrees) throw new ClancyError('ids_disagree', 'The result is that of another run.');
}
