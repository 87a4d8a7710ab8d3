import type { Context } from '@opentelemetry/api';
import { defaultPayloadConverter, type Headers } from '@temporalio/common';
import { TRACE_HEADER } from '../../contracts/trace.ts';
import { activeTraceparent, contextFrom } from './spans.ts';

/** Headers of Temporal are not encoded by payload codecs: they hold trace context and nothing else. */
export function contextOfHeaders(headers: Headers): Context {
  const payload = headers[TRACE_HEADER];
  if (!payload) return contextFrom(undefined);
  try {
    return contextFrom(defaultPayloadConverter.fromPayload<{ traceparent?: unknown }>(payload).traceparent);
  } catch {
    // Whoever reaches Temporal can write what they like.
    return contextFrom(undefined);
  }
}

export function withTraceHeader(headers: Headers): Headers {
  const traceparent = activeTraceparent();
  if (traceparent === undefined) return headers;
  return { ...headers, [TRACE_HEADER]: defaultPayloadConverter.toPayload({ traceparent }) };
}
