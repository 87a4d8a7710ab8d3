/**
 * W3C trace context, as it goes through headers of HTTP and of Temporal, and as it stands on a run's row.
 * https://www.w3.org/TR/trace-context/#traceparent-header
 */
export interface TraceParent {
  /** 32 hexadecimal digits: one for everything that came of one request. */
  traceId: string;
  /** 16 hexadecimal digits: what the bearer was caused by. */
  spanId: string;
  isSampled: boolean;
}

/** The header of Temporal in which all of its SDKs look for trace context: a JSON object with `traceparent`. */
export const TRACE_HEADER = '_tracer-data';

const FORM = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
const MAX_LENGTH = 256;
const ZEROS = /^0+$/;
const SAMPLED = 1;

/** What a `traceparent` says; undefined for anything else than one. Later versions are read as far as they are alike. */
export function parseTraceparent(text: unknown): TraceParent | undefined {
  if (typeof text !== 'string' || text.length > MAX_LENGTH) return undefined;
  const [, version, traceId = '', spanId = '', flags = '', more] = FORM.exec(text) ?? [];
  if (version === undefined || version === 'ff' || (version === '00' && more !== undefined)) return undefined;
  if (ZEROS.test(traceId) || ZEROS.test(spanId)) return undefined;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & SAMPLED) === SAMPLED };
}

export function formatTraceparent({ traceId, spanId, isSampled }: TraceParent): string {
  return `00-${traceId}-${spanId}-${isSampled ? '01' : '00'}`;
}

/**
 * The span that an execution of a workflow is: known before it ends, to every worker alike, since it comes of Temporal's id
 * for the execution (a UUID). So does the trace of one that nobody handed a trace.
 */
export function workflowSpan(temporalRunId: string, parent: TraceParent | undefined): TraceParent {
  const digits = temporalRunId.replaceAll('-', '');
  return { traceId: parent?.traceId ?? digits, spanId: digits.slice(16), isSampled: parent?.isSampled ?? false };
}

/** How an execution of a workflow ended: codes and ids, no words. */
export interface WorkflowEnd {
  /** Whatever the execution was started by. */
  parent: TraceParent | undefined;
  status: 'completed' | 'failed' | 'cancelled' | 'continued';
  errorType: string | undefined;
  orgId: string | undefined;
}

/** What the worker hears of workflows (a sink of Temporal's). It knows which one speaks. */
// oxlint-disable-next-line typescript/consistent-type-definitions -- an interface would not be one of Temporal's sinks
export type WorkflowTraceSinks = { tracing: { ended(end: WorkflowEnd): void } };
