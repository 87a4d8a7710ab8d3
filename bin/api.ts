import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection, Worker } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createAgentCoreActivities } from '../activities/agent-core/index.ts';
import { WORKER_DEPLOYMENT } from '../activities/agent-worker/deployment.ts';
import { createAgentCore } from '../api/app.ts';
import { createPayloads } from '../api/codec/payloads.ts';
import { readApiConfig, waiversOf, type ApiConfig } from '../api/config.ts';
import { connectTemporal } from '../api/temporal/connect.ts';
import { createCoreMetrics, type CoreMetrics } from '../api/metrics/core-metrics.ts';
import { addCoreFigures } from '../api/metrics/core-figures.ts';
import { addEngineFigures } from '../api/metrics/engine-figures.ts';
import { logRuns } from '../api/runs/log-runs.ts';
import { wireAgentCore } from '../api/wire.ts';
import { TASK_QUEUES } from '../contracts/run.ts';
import { createCoreDatabase, type CoreDatabase } from '../db/client.ts';
import { readBuild, readVersion } from '../platform/build/build.ts';
import { createDrain } from '../platform/drain.ts';
import { createLogger } from '../platform/logger.ts';
import { startMetricsListener } from '../platform/metrics/listener.ts';
import { createMetrics } from '../platform/metrics/metrics.ts';
import { tellOfMissingKeks } from '../platform/secrets/missing-keks.ts';
import { stopOnSignal } from '../platform/shutdown.ts';
import { startTracing } from '../platform/telemetry/tracing.ts';
import { installRuntime } from '../platform/temporal/runtime.ts';
import { traceActivities } from '../platform/telemetry/temporal-activities.ts';

const HTTP_STOP_MS = 10_000;
/** Activities at hand are given this long, less than the worker's phase. */
const ACTIVITY_GRACE_MS = 8_000;
const WORKER_STOP_MS = 11_000;
const LOOP_STOP_MS = 5_000;
const CLOSE_MS = 3_000;

async function main(): Promise<void> {
  const config = readApiConfig(process.env);
  const logger = createLogger({ name: 'api', level: config.LOG_LEVEL });
  const tracing = startTracing({ serviceName: 'clancy-api', config, logger });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const root = new URL('../', import.meta.url);
  const version = await readVersion(root);
  const metrics = createMetrics({ version, buildId: (await readBuild(root))?.buildId, mode: config.CLANCY_MODE }, { node: true });
  const coreMetrics = createCoreMetrics(metrics);
  await installRuntime(logger, config.METRICS_PORT === undefined ? undefined : metrics);
  const db = await openDatabase(config, logger, coreMetrics);
  addCoreFigures(metrics, db);
  await tellOfMissingKeks({ jobs: db.jobs, keyService: config.keyService, logger });
  const payloads = createPayloads(config, db, namespace);
  const temporal = await connectTemporal(connectionOptions, namespace, payloads.dataConverter);
  const deployment = { namespace, name: WORKER_DEPLOYMENT };
  addEngineFigures(metrics, { connection: temporal.connection, client: temporal.client, deployment });
  const drain = createDrain(config);
  const about = { waivers: waiversOf(process.env), version, isStopping: drain.isStopping };
  const core = wireAgentCore({ config, logger, db, temporal, payloads, metrics: coreMetrics, ...about });
  const native = await NativeConnection.connect(connectionOptions);
  const worker = await createWorker(
    { connection: native, namespace, dataConverter: payloads.dataConverter, logger },
    core.activities,
  );
  const app = await createAgentCore(core.http);
  const url = await app.listen({ host: config.HOST, port: config.PORT });
  const scraped = await startMetricsListener({ host: config.HOST, port: config.METRICS_PORT, metrics });

  const relaying = core.relay.run();
  const reconciling = core.reconciler.run();
  const retaining = core.retention.run();
  const triggering = core.factTriggers.run();
  const sealing = core.auditSealer.run();
  const scheduling = core.systemSchedules.run();
  const working = worker.run();
  stopOnSignal({
    logger,
    exit: (code) => process.exit(code),
    drain: drain.phase,
    steps: [
      [
        { name: 'http', timeoutMs: HTTP_STOP_MS, run: () => app.close() },
        { name: 'worker', timeoutMs: WORKER_STOP_MS, run: () => (worker.shutdown(), working) },
      ],
      // After the last request, whose messages the relay carries.
      {
        name: 'loops',
        timeoutMs: LOOP_STOP_MS,
        run: () =>
          Promise.all([
            core.relay.stop(),
            core.reconciler.stop(),
            core.retention.stop(),
            core.factTriggers.stop(),
            core.auditSealer.stop(),
            core.systemSchedules.stop(),
          ]),
      },
      [
        { name: 'temporal', timeoutMs: CLOSE_MS, run: () => Promise.all([native.close(), temporal.connection.close()]) },
        { name: 'identity', timeoutMs: CLOSE_MS, run: core.close },
        { name: 'database', timeoutMs: CLOSE_MS, run: db.close },
        tracing.phase,
        { name: 'metrics', timeoutMs: CLOSE_MS, run: () => scraped?.close() },
      ],
    ],
  });
  logger.info({ url, metrics_url: scraped?.url }, 'listening');
  await Promise.all([relaying, reconciling, retaining, triggering, sealing, scheduling, working]);
}

async function openDatabase(config: ApiConfig, logger: Logger, { onCommitted }: CoreMetrics): Promise<CoreDatabase> {
  const say = logRuns(logger);
  const db = createCoreDatabase({
    url: config.DATABASE_URL,
    orgContextKey: config.ORG_CONTEXT_KEY,
    logger,
    onCommitted: (entries) => (onCommitted(entries), say(entries)),
  });
  await db.ping().catch((cause: unknown) => {
    const { hostname, port, pathname } = new URL(config.DATABASE_URL);
    throw new Error(
      `PostgreSQL does not answer at ${hostname}:${port || '5432'}${pathname} (DATABASE_URL). Start it there, or correct ` +
        'DATABASE_URL (role core_runtime); run `npm run migrate` once on an empty database. `npm run dev` brings one up.',
      { cause },
    );
  });
  return db;
}

async function createWorker(
  options: { connection: NativeConnection; namespace: string; dataConverter: DataConverter; logger: Logger },
  deps: Omit<Parameters<typeof createAgentCoreActivities>[0], 'logger'>,
): Promise<Worker> {
  const { connection, namespace, dataConverter, logger } = options;
  return Worker.create({
    connection,
    namespace,
    dataConverter,
    taskQueue: TASK_QUEUES.agentCore,
    interceptors: { activity: [traceActivities()] },
    activities: createAgentCoreActivities({ ...deps, logger }),
    shutdownGraceTime: ACTIVITY_GRACE_MS,
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
