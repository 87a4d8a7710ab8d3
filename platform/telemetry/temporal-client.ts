import type { WorkflowClientInterceptor } from '@temporalio/client';
import { withTraceHeader } from './temporal-headers.ts';

/** Workflows that are started hand on the trace of whoever starts them. */
export function traceStarts(): WorkflowClientInterceptor {
  return {
    startWithDetails: (input, next) => next({ ...input, headers: withTraceHeader(input.headers) }),
  };
}
