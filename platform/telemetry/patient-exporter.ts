import { ExportResultCode } from '@opentelemetry/core';
import type { SpanExporter } from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger.ts';

const SAY_AGAIN_MS = 60_000;

/** Says at most once a minute that spans were lost, and of the reason no more than a code: a collector may echo headers. */
export function patientExporter(
  inner: SpanExporter,
  logger: Pick<Logger, 'warn'>,
  nowMs: () => number = () => performance.now(),
): SpanExporter {
  let lost = 0;
  let lastSaidMs = Number.NEGATIVE_INFINITY;

  function tell(spans: number, error: unknown): void {
    lost += spans;
    if (nowMs() - lastSaidMs < SAY_AGAIN_MS) return;
    logger.warn({ lost_spans: lost, reason: codeOf(error) }, 'traces could not be exported');
    lastSaidMs = nowMs();
    lost = 0;
  }

  return {
    export: (spans, done) =>
      inner.export(spans, (result) => {
        if (result.code !== ExportResultCode.SUCCESS) tell(spans.length, result.error);
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
