import { CancellationScope, CancelledFailure, workflowInfo } from '@temporalio/workflow';
import type { ExecutionResult } from '../contracts/events.ts';
import { parseRunId } from '../contracts/ids.ts';
import type { EmployeeRunInput } from '../contracts/run.ts';
import type { CheckPlanInput } from '../contracts/worker-activities.ts';
import { askAgentCore } from './agent-core.ts';
import { RunFailure, SkillInterrupted, foreseen, isLimit } from './failures.ts';
import { showStatus } from './operator-view.ts';
import { createOwnPlan } from './own-plan.ts';
import { openRoom } from './room.ts';
import type { Room } from './room.ts';
import { createRunRecord } from './run-record.ts';
import type { Outcome, RunRecord } from './run-record.ts';
import { walkGraph } from './walk-graph.ts';

/**
 * A run of an employee: walks its graph, then records the `executionResult`, which is the workflow's result. A run that
 * failed or was stopped by a limit fails the workflow, with the code as type and the `executionResult` as its detail;
 * a cancelled one ends as cancelled.
 */
export async function employeeRun(input: EmployeeRunInput): Promise<ExecutionResult> {
  const room = openRoom({ ticket: input.ticket, run_id: input.intent.run_id }, createOwnPlan(planOf(input)));
  const version = checkIds(input);
  const record = createRunRecord(input.intent);
  try {
    await walkGraph(room, record, input, version);
    // A cancellation that comes now comes too late: the result may stand already.
    return await CancellationScope.nonCancellable(() => finish(room, record, input, { status: 'completed' }));
  } catch (error) {
    const isCancelled = CancellationScope.current().consideredCancelled;
    const outcome = isCancelled ? CANCELLED : outcomeOf(error);
    if (!outcome) throw error;
    const result = await CancellationScope.nonCancellable(() => finish(room, record, input, outcome)).catch(refusedRecord);
    throw isCancelled ? new CancelledFailure('the run was cancelled') : failureOf(result);
  }
}

const CANCELLED: Outcome = { status: 'interrupted', error: 'the run was cancelled' };

function planOf({ ticket, plan, intent, resume }: EmployeeRunInput): Omit<CheckPlanInput, 'parent'> {
  const resumed = resume && { resume: resume.skills, resume_digests: resume.digests };
  return { ticket, plan, graph_spec: intent.graph_spec, ...resumed };
}

/** A run whose ids do not belong together was not started by Agent-Core. */
function checkIds({ intent }: EmployeeRunInput): number {
  const parts = parseRunId(intent.run_id);
  if (!parts || intent.run_id !== workflowInfo().workflowId || parts.employee !== intent.employee_id) {
    throw foreseen({ type: 'ids_disagree', message: 'the workflow id is not that of the run' });
  }
  return parts.version;
}

async function finish(room: Room, record: RunRecord, { ticket }: EmployeeRunInput, outcome: Outcome): Promise<ExecutionResult> {
  const { workflowId, runId } = workflowInfo();
  const result = record.result(outcome);
  const remembered = record.remembered();
  room.pause.end();
  showStatus(outcome.status);
  const input = { ticket, workflow_id: workflowId, temporal_run_id: runId, result, ...(remembered.length > 0 && { remembered }) };
  await askAgentCore(room.waiting, 'recordRunResult', input, `record ${outcome.status}`);
  return result;
}

/** The end that an error means for the run; undefined = nobody foresaw it, so it stays a failure of the workflow task. */
function outcomeOf(error: unknown): Outcome | undefined {
  if (error instanceof SkillInterrupted) return { status: 'interrupted', error: error.message };
  if (!(error instanceof RunFailure)) return undefined;
  return { status: isLimit(error.code) ? 'interrupted' : 'failed', error: error.message, error_code: error.code };
}

/** Agent-Core does not know this run, or not as what it says it is: there is nothing to record, and nothing to repeat. */
function refusedRecord(error: unknown): never {
  if (!(error instanceof RunFailure)) throw error;
  throw foreseen({ type: error.code, message: error.message });
}

function failureOf(result: ExecutionResult): Error {
  return foreseen({ type: result.error_code ?? result.status, message: result.error ?? result.status, details: [result] });
}
