import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type { Logger } from '../logger.ts';
import type { Metrics } from '../metrics/metrics.ts';
import { installWithMetrics } from '../metrics/temporal-sdk.ts';
import { runOfWorkflow } from '../telemetry/ids.ts';

/**
 * Installs Temporal's runtime, once per process and before anything else of its SDK. Warnings of the SDK and of its core
 * become lines of our log, with the run that they are about. Signals are ours, since a process stops in an order of its own.
 */
export async function installRuntime(logger: Pick<Logger, 'warn'>, metrics: Pick<Metrics, 'append'> | undefined): Promise<void> {
  const log = new DefaultLogger('WARN', ({ message, meta }) =>
    logger.warn({ ...meta, ...runOfWorkflow(String(meta?.['workflowId'])) }, message),
  );
  // Without `forward` the core writes lines of its own to stdout.
  const logging = { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} };
  await installWithMetrics(metrics, (exporter) =>
    Runtime.install({ logger: log, shutdownSignals: [], telemetryOptions: { logging, ...exporter } }),
  );
}
