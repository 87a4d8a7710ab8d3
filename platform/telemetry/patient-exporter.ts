import { DiagLogLevel, type DiagLogger } from '@opentelemetry/api';
import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Losses } from './losses.ts';

/** Tells of spans that could not be sent: of the reason no more than a code, since a collector may echo headers. */
export function patientExporter(inner: SpanExporter, losses: Losses): SpanExporter {
  return {
    export: (spans, done) =>
      inner.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) losses.lost(spans.length, codeOf(result.error));
        // Told here; the queue would tell once more, in words of its own.
        done({ code: ExportResultCode.SUCCESS });
      }),
    shutdown: () => inner.shutdown(),
    ...(inner.forceFlush && { forceFlush: () => inner.forceFlush?.() ?? Promise.resolve() }),
  };
}

/** `ECONNREFUSED`, `401` ... */
function codeOf(error: unknown): string {
  for (let link: unknown = error; link instanceof Error; link = link.cause) {
    const code: unknown = Reflect.get(link, 'code');
    if (typeof code === 'string' || typeof code === 'number') return String(code).slice(0, 40);
  }
  return error instanceof Error ? error.name : 'unknown';
}

export const QUEUE_LOG_LEVEL = DiagLogLevel.WARN;

/** The queue says only in words that it had to drop spans. */
export function queueLosses(losses: Losses): DiagLogger {
  const quiet = (): void => undefined;
  const warn = (message: string): void => {
    const [, dropped] = /^Dropped (\d+) spans/.exec(message) ?? [];
    if (dropped !== undefined) losses.lost(Number(dropped), 'queue_full');
  };
  return { error: quiet, warn, info: quiet, debug: quiet, verbose: quiet };
}
