import { context, diag, trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  AlwaysOnSampler,
  BasicTracerProvider,
  BatchSpanProcessor,
  type SpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import type { Logger } from '../logger.ts';
import type { ShutdownPhase } from '../shutdown.ts';
import { tracesUrl, type TelemetryConfig } from './config.ts';
import { endedSpan, type EndedSpan } from './ended-span.ts';
import { createLosses } from './losses.ts';
import { patientExporter, QUEUE_LOG_LEVEL, queueLosses } from './patient-exporter.ts';

export interface Tracing {
  /** Takes the span of something that ended elsewhere. */
  record(span: EndedSpan): void;
  /** Sends what is left, for a bounded time; to come after all that makes spans. */
  phase: ShutdownPhase;
}

/** What a process that is killed loses at most, and what a collector that is away costs in memory (some 2 KB a span). */
const EVERY_MS = 1_000;
const MAX_QUEUED = 4_096;
const EXPORT_TIMEOUT_MS = 5_000;
const LAST_EXPORT_MS = 2_000;

/**
 * Turns tracing on in this process: from here on spans are children of one another and their ids stand in headers and
 * logs. They are recorded and sent only where an endpoint is configured: then all of them, whoever asked; a collector can
 * choose. A collector that is away loses spans, and nothing waits for it. Once per process.
 */
export function startTracing(options: {
  /** `clancy-api` ... */
  serviceName: string;
  config: TelemetryConfig;
  logger: Pick<Logger, 'warn'>;
}): Tracing {
  const resource = resourceFromAttributes({ 'service.name': options.serviceName, 'service.namespace': 'clancy' });
  const processor = processorOf(options);
  const provider = new BasicTracerProvider({
    resource,
    sampler: processor ? new AlwaysOnSampler() : new AlwaysOffSampler(),
    spanProcessors: processor ? [processor] : [],
  });
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  trace.setGlobalTracerProvider(provider);
  return {
    record: (span) => processor?.onEnd(endedSpan(span, resource)),
    phase: { name: 'traces', timeoutMs: LAST_EXPORT_MS + 1_000, run: () => lastExport(processor) },
  };
}

function processorOf({ config, logger }: { config: TelemetryConfig; logger: Pick<Logger, 'warn'> }): SpanProcessor | undefined {
  const url = tracesUrl(config);
  if (url === undefined) return undefined;
  const { OTEL_EXPORTER_OTLP_HEADERS: headers = {} } = config;
  const exporter = new OTLPTraceExporter({ url, headers, timeoutMillis: EXPORT_TIMEOUT_MS });
  const losses = createLosses(logger);
  diag.setLogger(queueLosses(losses), { logLevel: QUEUE_LOG_LEVEL });
  return new BatchSpanProcessor(patientExporter(exporter, losses), {
    scheduledDelayMillis: EVERY_MS,
    maxQueueSize: MAX_QUEUED,
    exportTimeoutMillis: EXPORT_TIMEOUT_MS * 2,
  });
}

/** A collector that does not answer does not make the end of the process a failure. */
async function lastExport(processor: SpanProcessor | undefined): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, LAST_EXPORT_MS);
  });
  await Promise.race([processor?.shutdown().catch(() => undefined), enough]);
  clearTimeout(timer);
}
