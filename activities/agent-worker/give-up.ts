import { Context } from '@temporalio/activity';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';

/** The first attempts may have died with their worker. */
const ATTEMPTS = 3;

/**
 * A local activity computes: what it fails with unexpectedly, it fails with again. After some attempts that is final. The
 * retry policy sets no end, since an attempt also fails where Agent-Core was away when a large result was to be kept, and
 * that passes.
 */
export function givingUp<I, O>(work: (input: I) => Promise<O>): (input: I) => Promise<O> {
  return async (input) => {
    try {
      return await work(input);
    } catch (error) {
      const { isLocal, attempt } = Context.current().info;
      if (!isLocal || attempt < ATTEMPTS || error instanceof CancelledFailure) throw error;
      throw ApplicationFailure.fromError(error, { nonRetryable: true });
    }
  };
}
