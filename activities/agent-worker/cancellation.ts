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
