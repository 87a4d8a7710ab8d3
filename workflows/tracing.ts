import {
  ApplicationFailure,
  ContinueAsNew,
  TemporalFailure,
  defaultPayloadConverter,
  isCancellation,
  proxySinks,
  workflowInfo,
} from '@temporalio/workflow';
import type { Headers, WorkflowInterceptors } from '@temporalio/workflow';
import { TRACE_HEADER, formatTraceparent, parseTraceparent, workflowSpan } from '../contracts/trace.ts';
import type { TraceParent, WorkflowEnd, WorkflowTraceSinks } from '../contracts/trace.ts';

/**
 * Hands the trace on from whatever started the workflow to all that it starts, and tells the worker how it ended. Nothing
 * here waits, draws random numbers or makes a command of its own, so that histories replay with it and without.
 */
export function interceptors(): WorkflowInterceptors {
  const { tracing } = proxySinks<WorkflowTraceSinks>();
  let parent: TraceParent | undefined;

  const ownSpan = (): TraceParent => workflowSpan(workflowInfo().runId, parent);
  const traced = <Input extends { readonly headers: Headers }>(input: Input): Input => ({
    ...input,
    headers: { ...input.headers, [TRACE_HEADER]: payloadOf(ownSpan()) },
  });
  const tell = (end: Pick<WorkflowEnd, 'status' | 'errorType'>): void => tracing.ended({ ...end, parent, orgId: orgId() });

  return {
    inbound: [
      {
        execute(input, next) {
          parent = parentIn(input.headers);
          const done = next(input);
          done.then(
            () => tell({ status: 'completed', errorType: undefined }),
            (error: unknown) => {
              const end = endBy(error);
              if (end) tell(end);
            },
          );
          return done;
        },
      },
    ],
    outbound: [
      {
        scheduleActivity: (input, next) => next(traced(input)),
        scheduleLocalActivity: (input, next) => next(traced(input)),
        signalWorkflow: (input, next) => next(traced(input)),
        continueAsNew: (input, next) => next(traced(input)),
        startChildWorkflowExecution: (input, next) => {
          const line = `**Trace** \`${ownSpan().traceId}\``;
          const staticDetails = [input.options.staticDetails, line].filter((part) => part !== undefined).join('\n\n');
          return next(traced({ ...input, options: { ...input.options, staticDetails } }));
        },
      },
    ],
  };
}

/** Undefined: an error that nobody foresaw, which fails the workflow's task and not the workflow. */
function endBy(error: unknown): Pick<WorkflowEnd, 'status' | 'errorType'> | undefined {
  if (error instanceof ContinueAsNew) return { status: 'continued', errorType: undefined };
  if (isCancellation(error)) return { status: 'cancelled', errorType: undefined };
  if (!(error instanceof TemporalFailure)) return undefined;
  return { status: 'failed', errorType: (error instanceof ApplicationFailure && error.type) || error.name };
}

function payloadOf(span: TraceParent) {
  return defaultPayloadConverter.toPayload({ traceparent: formatTraceparent(span) });
}

/** Whoever reaches Temporal can write headers: what is no trace context is none. */
function parentIn(headers: Headers): TraceParent | undefined {
  const payload = headers[TRACE_HEADER];
  if (!payload) return undefined;
  try {
    return parseTraceparent(defaultPayloadConverter.fromPayload<{ traceparent?: unknown }>(payload).traceparent);
  } catch {
    return undefined;
  }
}

function orgId(): string | undefined {
  return workflowInfo().typedSearchAttributes.get({ name: 'OrgId', type: 'KEYWORD' });
}
