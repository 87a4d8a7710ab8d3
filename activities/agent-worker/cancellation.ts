import { Context } from '@temporalio/activity';

/** Libraries report an abort in their own words; Temporal wants its own, or the activity would count as failed. */
export async function orCancelled<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { cancellationSignal, cancelled } = Context.current();
    if (cancellationSignal.aborted) await cancelled;
    throw error;
  }
}

/**
 * Like the activity's own signal, but not for a cancellation of its workflow: what has been sent is waited for, so that
 * the workflow hears what it did. It still ends with the worker's shutdown and when the attempt is no longer wanted.
 */
export function giveUpSignal(): AbortSignal {
  const context = Context.current();
  const { cancellationSignal } = context;
  const giveUp = new AbortController();
  const onAbort = (): void => {
    if (!context.cancellationDetails?.cancelRequested) giveUp.abort(cancellationSignal.reason);
  };
  if (cancellationSignal.aborted) onAbort();
  else cancellationSignal.addEventListener('abort', onAbort, { once: true });
  return giveUp.signal;
}
