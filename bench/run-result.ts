import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { EmployeeRunResult } from '../contracts/run.ts';
import { waitUntil } from '../dev/processes/wait-until.ts';

/** From acceptance to the result; a run that takes longer waits for something that will not come. */
const RESULT_TIMEOUT_MS = 120_000;

/**
 * The result of an accepted run as Temporal has it, at the moment it has it. An accepted run may not be started yet: that
 * is asked again often, once it is started the answer comes by a long poll.
 *
 * @throws Error naming the run when there is no result in time or the workflow failed.
 */
export async function resultOf(temporal: Client, runId: string): Promise<EmployeeRunResult> {
  const handle = temporal.workflow.getHandle<() => Promise<EmployeeRunResult>>(runId);
  const poll = () =>
    handle.result().then(
      (result) => ({ result }),
      (error: unknown) => (error instanceof WorkflowNotFoundError ? undefined : { error }),
    );
  const outcome = await temporal.withDeadline(Date.now() + RESULT_TIMEOUT_MS, () =>
    waitUntil(poll, { timeoutMs: RESULT_TIMEOUT_MS, everyMs: 5, what: `the start of ${runId}` }),
  );
  if ('error' in outcome)
    throw new Error(`${runId} gave no result within ${RESULT_TIMEOUT_MS / 1_000} s`, { cause: outcome.error });
  return outcome.result;
}
