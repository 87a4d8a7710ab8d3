import { setTimeout as delay } from 'node:timers/promises';
import { WorkflowNotFoundError, type Client } from '@temporalio/client';
import type { EmployeeRunResult } from '../contracts/run.ts';

/** From acceptance to the result; a run that takes longer waits for something that will not come. */
const RESULT_TIMEOUT_MS = 120_000;

/** Pauses while an accepted run is not started yet; the last one is repeated. Asking more often would be a load of its own. */
const PAUSES_MS = [5, 10, 20, 40];

/**
 * The result of an accepted run as Temporal has it, at the moment it has it: once the run is started, the answer comes by
 * a long poll.
 *
 * @throws Error naming the run when there is no result in time or the workflow failed.
 */
export async function resultOf(temporal: Client, runId: string): Promise<EmployeeRunResult> {
  const handle = temporal.workflow.getHandle<() => Promise<EmployeeRunResult>>(runId);
  const deadline = Date.now() + RESULT_TIMEOUT_MS;
  for (let asked = 0; ; asked += 1) {
    try {
      return await temporal.withDeadline(deadline, () => handle.result());
    } catch (cause) {
      if (!(cause instanceof WorkflowNotFoundError) || Date.now() >= deadline)
        throw new Error(`${runId} gave no result within ${RESULT_TIMEOUT_MS / 1_000} s`, { cause });
    }
    await delay(PAUSES_MS[Math.min(asked, PAUSES_MS.length - 1)]);
  }
}
