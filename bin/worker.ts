import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DataConverter } from '@temporalio/common';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { NativeConnection } from '@temporalio/worker';
import type { Logger } from 'pino';
import { createAgentTokens } from '../activities/agent-worker/calls/agent-tokens.ts';
import { readWorkerConfig, type WorkerConfig } from '../activities/agent-worker/config.ts';
import { deploymentOptions } from '../activities/agent-worker/deployment.ts';
import { measuredModel } from '../activities/agent-worker/metrics/measured.ts';
import { createWorkerMetrics, type WorkerMetrics } from '../activities/agent-worker/metrics/worker-metrics.ts';
import { createWorkerPayloadBlobs } from '../activities/agent-worker/payload-blobs.ts';
import { createWorkerPayloadKeys } from '../activities/agent-worker/payload-keys.ts';
import { startProbes } from '../activities/agent-worker/probes.ts';
import { createAgentActivities, createAgentWorker } from '../activities/agent-worker/worker.ts';
import { createClientCredentialsSource, type ServiceTokenSource } from '../platform/auth/service-token.ts';
import { readBuild, readVersion, type Build } from '../platform/build/build.ts';
import { ConfigError } from '../platform/config.ts';
import { createExpressions } from '../platform/expressions/expressions.ts';
import { createLogger } from '../platform/logger.ts';
import { createMetrics } from '../platform/metrics/metrics.ts';
import { modelEndpointOf } from '../platform/models/config.ts';
import { createModel } from '../platform/models/create-model.ts';
import { assertEncodesFailures, dataConverterFor } from '../platform/payloads/data-converter.ts';
import { createPayloadCodec } from '../platform/payloads/payload-codec.ts';
import { isEncrypted } from '../platform/payloads/setting.ts';
import { stopOnSignal } from '../platform/shutdown.ts';
import { startTracing } from '../platform/telemetry/tracing.ts';
import { installRuntime } from '../platform/temporal/runtime.ts';

/** In development workers are killed for fun: their workflows must not stand still for the default 10 s. */
const DEVELOPMENT_STICKY_MS = 1_000;

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const isDevelopment = config.CLANCY_MODE === 'development';
  const build = await readBuild(new URL('../', import.meta.url));
  if (!build && !isDevelopment) throw notABuild(config);
  const logger = createLogger({ name: 'worker', level: config.LOG_LEVEL });
  const version = await readVersion(new URL('../', import.meta.url));
  const metrics = createMetrics({ version, buildId: build?.buildId, mode: config.CLANCY_MODE }, { node: true });
  await installRuntime(logger, metrics);
  const tracing = startTracing({ serviceName: 'clancy-worker', config, logger });
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await connect(connectionOptions);
  const expressions = createExpressions({
    onThreadError: (error) => logger.error({ err: error }, 'an expression thread failed'),
  });
  const workerMetrics = createWorkerMetrics(metrics, expressions.queued);
  const serviceToken = createClientCredentialsSource({
    tokenUrl: config.COGNITO_TOKEN_URL,
    clientId: config.COGNITO_CLIENT_ID,
    clientSecret: config.COGNITO_CLIENT_SECRET,
  });
  const bundle = await workflowBundle(config, build);
  if (isEncrypted(config)) await assertEncodesFailures(bundle.codePath);
  const worker = await createAgentWorker({
    connection,
    namespace,
    workflowBundle: bundle,
    activities: createAgentActivities({
      ...callDeps(config, serviceToken, logger),
      ...modelOf(config, workerMetrics),
      expressions,
      metrics: workerMetrics,
    }),
    dataConverter: converterOf(config, serviceToken, workerMetrics),
    record: tracing.record,
    ...(isDevelopment && { stickyTimeoutMs: DEVELOPMENT_STICKY_MS }),
    ...(build && !isDevelopment && { deployment: deploymentOptions(build.buildId) }),
  });
  const working = worker.run();
  const probes = await startProbes({
    host: config.HOST,
    port: config.PORT,
    about: config,
    isReady: () => worker.getState() === 'RUNNING',
    metrics,
  });
  stopOnSignal({
    logger,
    exit: (code) => process.exit(code),
    steps: [
      { name: 'worker', timeoutMs: 15_000, run: () => (worker.shutdown(), working) },
      [
        { name: 'probes', timeoutMs: 2_000, run: () => probes.close() },
        { name: 'expressions', timeoutMs: 2_000, run: () => expressions.close() },
        { name: 'temporal', timeoutMs: 2_000, run: () => connection.close() },
        tracing.phase,
      ],
    ],
  });
  logger.info({ url: probes.url, mode: config.CLANCY_MODE, build_id: build?.buildId }, 'listening');
  await working;
}

function callDeps(config: WorkerConfig, serviceToken: ServiceTokenSource, logger: Logger) {
  const tokens = createAgentTokens({ agentCoreUrl: config.AGENT_CORE_URL, serviceToken });
  return { connectHubUrl: config.CONNECTHUB_URL, tokens, logger };
}

/** Encrypted payloads can be read in any case; keys are asked for only when there are some. */
function converterOf(config: WorkerConfig, serviceToken: ServiceTokenSource, metrics: WorkerMetrics): DataConverter {
  const encrypts = isEncrypted(config);
  const keys = createWorkerPayloadKeys({
    agentCoreUrl: config.AGENT_CORE_URL,
    serviceToken,
    cache: { onLookup: metrics.keyLookup },
  });
  const blobs = createWorkerPayloadBlobs({ agentCoreUrl: config.AGENT_CORE_URL, serviceToken });
  return dataConverterFor(createPayloadCodec({ keys, encrypts }), { encrypts, blobs });
}

function modelOf(config: WorkerConfig, metrics: WorkerMetrics) {
  const endpoint = modelEndpointOf(config);
  if (!endpoint) return {};
  return { model: measuredModel(createModel({ ...endpoint, onTokens: metrics.tokens }), metrics) };
}

/** A build brings its own; sources are bundled at the start, for which a worker needs tools that production leaves out. */
async function workflowBundle(config: WorkerConfig, build: Build | undefined): Promise<{ codePath: string }> {
  if (build) return build.workflowBundle;
  const { WORKFLOW_BUNDLE_PATH: codePath } = config;
  if (codePath !== undefined) return { codePath };
  const { bundleWorkflows } = await import('../activities/agent-worker/bundle-workflows.ts');
  return bundleWorkflows({ dir: await mkdtemp(join(tmpdir(), 'clancy-workflows-')), plainFailures: !isEncrypted(config) });
}

/** Runs are pinned to the build that they began on, and sources have no id that would stay the same. */
function notABuild({ CLANCY_MODE: mode }: WorkerConfig): ConfigError {
  return new ConfigError('worker', [
    `CLANCY_MODE: these are the sources; in mode ${mode} a worker runs from a build (npm run build, npm run start:worker)`,
  ]);
}

async function connect(options: Parameters<typeof NativeConnection.connect>[0]): Promise<NativeConnection> {
  return NativeConnection.connect(options).catch((cause: unknown) => {
    throw new Error(
      `Temporal does not answer at ${options?.address ?? 'localhost:7233'} (TEMPORAL_ADDRESS). Start it there, or correct ` +
        'TEMPORAL_ADDRESS and the other TEMPORAL_ variables. `npm run dev` brings one up.',
      { cause },
    );
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
