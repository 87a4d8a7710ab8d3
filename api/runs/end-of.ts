import type { WorkflowExecutionStatusName } from '@temporalio/client';
import { ERROR_CODES, type ErrorCode } from '../../contracts/errors.ts';
import { executionResultSchema, type ExecutionResult } from '../../contracts/events.ts';
import type { RunEngine } from '../temporal/run-engine.ts';
import { closingResult } from './closing-result.ts';
import type { RunRow } from './find.ts';

/** `LOST`: Temporal knows nothing of the run, or holds another workflow under its id. */
export type ClosedStatus = WorkflowExecutionStatusName | 'LOST';

/**
 * The result to record for a run that is closed at Temporal and open here. `undefined` = it is not closed after all.
 * A workflow that finished carries its own result.
 */
export async function endOf(
  engine: Pick<RunEngine, 'outcome'>,
  run: RunRow,
  status: ClosedStatus,
  now: Date,
): Promise<ExecutionResult | undefined> {
  switch (status) {
    case 'LOST':
      return interrupted(run, 'Temporal does not know this run any more.', now);
    case 'TERMINATED':
      return interrupted(run, 'The run was terminated.', now);
    case 'CANCELLED':
      return interrupted(run, 'The run was cancelled.', now);
    case 'TIMED_OUT':
      return interrupted(run, 'The run took longer than a run may.', now, 'timed_out');
    case 'COMPLETED':
    case 'FAILED':
      return carried(run, await engine.outcome(run.runId, run.temporalRunId ?? undefined), now);
    case 'RUNNING':
    case 'PAUSED':
    case 'CONTINUED_AS_NEW':
    case 'UNSPECIFIED':
    case 'UNKNOWN':
      return undefined;
  }
}

function interrupted(run: RunRow, error: string, now: Date, code?: ErrorCode): ExecutionResult {
  return closingResult(run, { status: 'interrupted', error, ...(code !== undefined && { code }) }, now);
}

function carried(run: RunRow, outcome: Awaited<ReturnType<RunEngine['outcome']>>, now: Date): ExecutionResult {
  const failure = 'error' in outcome ? failureIn(outcome.error) : undefined;
  const result = executionResultSchema.safeParse('result' in outcome ? outcome.result : failure?.details?.[0]);
  if (result.success && result.data.run_id === run.runId && result.data.execution_id === run.executionId) return result.data;
  const code = ERROR_CODES.find((known) => known === failure?.type) ?? 'internal';
  return closingResult(run, { status: 'failed', error: 'The run failed without a result.', code }, now);
}

/** The application failure inside: `WorkflowFailedError` wraps it. */
function failureIn(error: unknown): { type?: unknown; details?: unknown[] } | undefined {
  for (let link = error; link instanceof Error; link = link.cause) {
    if (link.name === 'ApplicationFailure') {
      const { type, details } = link as { type?: unknown; details?: unknown };
      return { type, ...(Array.isArray(details) && { details }) };
    }
  }
  return undefined;
}
