import type { ReceivedSpan } from './otlp-receiver.ts';

/** The names from a span up to the root of what was received, the span itself first. */
export function wayUp(spans: readonly ReceivedSpan[], from: ReceivedSpan): string[] {
  const parent = spans.find(({ spanId }) => spanId === from.parentSpanId);
  return [from.name, ...(parent ? wayUp(spans, parent) : [])];
}

/** Spans of a trace whose parent was not received. One tree has one. */
export function rootsOf(spans: readonly ReceivedSpan[]): ReceivedSpan[] {
  const ids = new Set(spans.map(({ spanId }) => spanId));
  return spans.filter(({ parentSpanId }) => parentSpanId === undefined || !ids.has(parentSpanId));
}
