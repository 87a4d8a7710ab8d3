import {
  ApplicationFailure,
  CancellationScope,
  CancelledFailure,
  ChildWorkflowFailure,
  executeChild,
  isCancellation,
  workflowInfo,
} from '@temporalio/workflow';
import { shortSummary } from '../contracts/run.ts';
import type { PreparedRun, ScheduledRunInput, ScheduledRunResult } from '../contracts/schedule.ts';
import { askAgentCore } from './agent-core.ts';
import type { employeeRun } from './employee-run.ts';
import { RunFailure, foreseen } from './failures.ts';
import { runAttributes, showRefusal } from './operator-view.ts';
import { createWaiting } from './waiting.ts';

type Ready = Extract<PreparedRun, { kind: 'run' }>;

/**
 * What a schedule starts: asks Agent-Core for the run of this instant, and waits for it as its child, so that the schedule's
 * overlap policy knows whether a run of it is going on. How the run ended is its own affair; here it is only told.
 */
export async function scheduledRun(input: ScheduledRunInput): Promise<ScheduledRunResult> {
  const prepared = await prepare(input);
  if (prepared.kind === 'refused') {
    showRefusal(prepared.message);
    return { run_id: null, code: prepared.code, message: prepared.message };
  }
  const run_id = prepared.input.intent.run_id;
  try {
    const { status } = await executeChild<typeof employeeRun>('employeeRun', childOptions(prepared));
    return { run_id, status };
  } catch (error) {
    if (CancellationScope.current().consideredCancelled) throw new CancelledFailure('the scheduled run was cancelled');
    return { run_id, status: endOf(error) };
  }
}

async function prepare(input: ScheduledRunInput): Promise<PreparedRun> {
  try {
    return await askAgentCore(createWaiting(), 'prepareScheduledRun', input, 'prepare the run');
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    throw foreseen({ type: error.code, message: error.message });
  }
}

/** As Agent-Core starts a run that nobody's schedule asks for (api/temporal/start-options.ts). */
function childOptions(prepared: Ready) {
  const { input, employee_name, employee_version, execution_timeout_ms } = prepared;
  const { intent } = input;
  return {
    workflowId: intent.run_id,
    workflowIdReusePolicy: 'REJECT_DUPLICATE' as const,
    // Should somebody terminate this workflow, the run still ends in its own words.
    parentClosePolicy: 'REQUEST_CANCEL' as const,
    cancellationType: 'WAIT_CANCELLATION_COMPLETED' as const,
    args: [input] as [typeof input],
    workflowExecutionTimeout: execution_timeout_ms,
    workflowTaskTimeout: workflowInfo().taskTimeoutMs,
    memo: { org_id: intent.org_id, execution_id: intent.execution_id },
    typedSearchAttributes: runAttributes(intent, employee_version),
    staticSummary: shortSummary(`${employee_name} (v${employee_version})`),
    staticDetails: [
      `**Employee** \`${intent.employee_id}\` version ${employee_version}`,
      `**Organisation** \`${intent.org_id}\``,
      `**Schedule** \`${intent.trigger.schedule?.schedule_id ?? ''}\` for ${intent.trigger.schedule?.nominal_time ?? ''}`,
    ].join('\n\n'),
    priority: { fairnessKey: intent.org_id },
  };
}

/** The run has recorded its end; one whose id a foreign workflow holds is closed by Agent-Core. */
function endOf(error: unknown): 'failed' | 'interrupted' {
  if (error instanceof Error && error.name === 'WorkflowExecutionAlreadyStartedError') return 'failed';
  if (!(error instanceof ChildWorkflowFailure)) throw error;
  const isInterrupted = isCancellation(error) || !(error.cause instanceof ApplicationFailure);
  return isInterrupted || error.cause.type === 'interrupted' ? 'interrupted' : 'failed';
}
