import {
  context,
  createContextKey,
  ROOT_CONTEXT,
  SpanStatusCode,
  trace,
  TraceFlags,
  type Attributes,
  type Context,
  type Span,
  type SpanKind,
} from '@opentelemetry/api';
import { formatTraceparent, parseTraceparent } from '../../contracts/trace.ts';

/** What log lines say of the run that they are about, beside the trace. */
export interface LogFields {
  run_id?: string;
  call_id?: string;
}

const LOG_FIELDS = createContextKey('clancy log fields');

export interface SpanOptions {
  name: string;
  kind?: SpanKind;
  /** Ids, codes and numbers: never text that somebody wrote. */
  attributes?: Attributes;
  /** The context that it stands in; the one around it without. */
  parent?: Context;
  logFields?: LogFields;
}

/** A span that is not ended by itself, and the context inside of it. */
export function openSpan({ name, kind, attributes = {}, parent = context.active(), logFields }: SpanOptions): {
  span: Span;
  inside: Context;
} {
  const span = trace.getTracer('clancy').startSpan(name, { ...(kind !== undefined && { kind }), attributes }, parent);
  const inside = trace.setSpan(parent, span);
  return { span, inside: logFields ? inside.setValue(LOG_FIELDS, logFields) : inside };
}

/**
 * Does the work inside of a span. Of an error that the work throws the span keeps a code or a class's name, never the
 * message or the stack: they may repeat what people wrote.
 */
export async function inSpan<T>(options: SpanOptions, work: (span: Span) => Promise<T>): Promise<T> {
  const { span, inside } = openSpan(options);
  try {
    return await context.with(inside, work, undefined, span);
  } catch (error) {
    failSpan(span, errorTypeOf(error));
    throw error;
  } finally {
    span.end();
  }
}

export function failSpan(span: Span, errorType: string): void {
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.setAttribute('error.type', errorType);
}

/** Says more of the span around. */
export function describeSpan(attributes: Attributes): void {
  trace.getActiveSpan()?.setAttributes(attributes);
}

const WORD = /^[\w.-]{1,64}$/;

/** The code of an error, where it has one of ours or of a library, else its class. */
export function errorTypeOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const words: unknown[] = [Reflect.get(error, 'code'), Reflect.get(error, 'type'), error.name];
  return words.find((word): word is string => typeof word === 'string' && WORD.test(word)) ?? 'Error';
}

/** The context of what a `traceparent` names; a trace of its own for anything else. */
export function contextFrom(traceparent: unknown): Context {
  const parent = parseTraceparent(traceparent);
  if (!parent) return ROOT_CONTEXT;
  const { traceId, spanId, isSampled } = parent;
  const traceFlags = isSampled ? TraceFlags.SAMPLED : TraceFlags.NONE;
  return trace.setSpanContext(ROOT_CONTEXT, { traceId, spanId, traceFlags, isRemote: true });
}

/** Does the work as if what the `traceparent` names had caused it; just does it where there is none. */
export function within<T>(traceparent: string | null | undefined, work: () => T): T {
  return parseTraceparent(traceparent) ? context.with(contextFrom(traceparent), work) : work();
}

/** The span around, for headers and rows; undefined where nothing traces. */
export function activeTraceparent(): string | undefined {
  const span = trace.getActiveSpan()?.spanContext();
  if (!span || !trace.isSpanContextValid(span)) return undefined;
  const { traceId, spanId, traceFlags } = span;
  return formatTraceparent({ traceId, spanId, isSampled: (traceFlags & TraceFlags.SAMPLED) !== 0 });
}

/** For requests to our own services. Never for those of others: what they learn of our traces is nothing. */
export function traceHeaders(): { traceparent?: string } {
  const traceparent = activeTraceparent();
  return traceparent === undefined ? {} : { traceparent };
}

/** What log lines inside of the work say besides. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  const active = context.active();
  return context.with(active.setValue(LOG_FIELDS, { ...logFieldsOf(active), ...fields }), work);
}

/** The trace and the run that what happens now is about. */
export function logContext(): LogFields & { trace_id?: string } {
  const active = context.active();
  const span = trace.getSpanContext(active);
  return { ...logFieldsOf(active), ...(span && trace.isSpanContextValid(span) && { trace_id: span.traceId }) };
}

function logFieldsOf(active: Context): LogFields {
  return active.getValue(LOG_FIELDS) ?? {};
}
