import { WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { waitUntil } from '../../dev/processes/wait-until.ts';

/** How a workflow ended, whatever the end was. */
export async function endOf(handle: WorkflowHandle): Promise<{ status: string; failure?: ApplicationFailure }> {
  const error: unknown = await handle.result().then(
    () => undefined,
    (reason: unknown) => reason,
  );
  const { status } = await handle.describe();
  const cause = error instanceof WorkflowFailedError ? error.cause : undefined;
  return { status: status.name, ...(cause instanceof ApplicationFailure && { failure: cause }) };
}

export async function waitFor(condition: () => Promise<boolean>): Promise<void> {
  await waitUntil(condition, { timeoutMs: 20_000, what: 'the condition of the test' });
}
