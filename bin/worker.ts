import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadClientConnectConfig } from '@temporalio/envconfig';
import { DefaultLogger, NativeConnection, Runtime } from '@temporalio/worker';
import type { Logger } from 'pino';
import { bundleWorkflows } from '../activities/agent-worker/bundle-workflows.ts';
import { createAgentTokens } from '../activities/agent-worker/calls/agent-tokens.ts';
import { readWorkerConfig, type WorkerConfig } from '../activities/agent-worker/config.ts';
import { startProbes } from '../activities/agent-worker/probes.ts';
import { createAgentActivities, createAgentWorker } from '../activities/agent-worker/worker.ts';
import { createClientCredentialsSource } from '../platform/auth/service-token.ts';
import { createExpressions } from '../platform/expressions/expressions.ts';
import { createLogger } from '../platform/logger.ts';
import { stopOnSignal } from '../platform/shutdown.ts';

/** In development workers are killed for fun: their workflows must not stand still for the default 10 s. */
const DEVELOPMENT_STICKY_MS = 1_000;

async function main(): Promise<void> {
  const config = readWorkerConfig(process.env);
  const logger = createLogger({ name: 'worker', level: config.LOG_LEVEL });
  installRuntime(logger);
  const { connectionOptions, namespace = 'default' } = loadClientConnectConfig();
  const connection = await connect(connectionOptions);
  const expressions = createExpressions({
    onThreadError: (error) => logger.error({ err: error }, 'an expression thread failed'),
  });
  const worker = await createAgentWorker({
    connection,
    namespace,
    workflowBundle: await workflowBundle(config),
    activities: createAgentActivities({ ...callDeps(config, logger), expressions, ...(await modelOf(config)) }),
    ...(config.CLANCY_MODE === 'development' && { stickyTimeoutMs: DEVELOPMENT_STICKY_MS }),
  });
  const working = worker.run();
  const probes = await startProbes({ host: config.HOST, port: config.PORT, isReady: () => worker.getState() === 'RUNNING' });
  stopOnSignal({
    logger,
    exit: (code) => process.exit(code),
    phases: [
      { name: 'worker', timeoutMs: 15_000, run: () => (worker.shutdown(), working) },
      { name: 'probes', timeoutMs: 2_000, run: () => probes.close() },
      { name: 'expressions', timeoutMs: 2_000, run: () => expressions.close() },
      { name: 'temporal', timeoutMs: 2_000, run: () => connection.close() },
    ],
  });
  logger.info({ url: probes.url }, 'listening');
  await working;
}

function callDeps(config: WorkerConfig, logger: Logger) {
  const serviceToken = createClientCredentialsSource({
    tokenUrl: config.COGNITO_TOKEN_URL,
    clientId: config.COGNITO_CLIENT_ID,
    clientSecret: config.COGNITO_CLIENT_SECRET,
  });
  const tokens = createAgentTokens({ agentCoreUrl: config.AGENT_CORE_URL, serviceToken });
  return { connectHubUrl: config.CONNECTHUB_URL, tokens, logger };
}

/** Loaded only where a model is configured: its client takes a good part of a second. */
async function modelOf({ MODEL_BASE_URL: baseUrl, MODEL_NAME: model, MODEL_API_KEY: apiKey }: WorkerConfig) {
  if (baseUrl === undefined || model === undefined) return {};
  const { createOpenAiModel } = await import('../activities/agent-worker/models/openai-model.ts');
  return { model: createOpenAiModel({ baseUrl, model, apiKey: apiKey ?? '' }) };
}

async function workflowBundle({ WORKFLOW_BUNDLE_PATH: codePath }: WorkerConfig): Promise<{ codePath: string }> {
  return codePath === undefined ? bundleWorkflows({ dir: await mkdtemp(join(tmpdir(), 'clancy-workflows-')) }) : { codePath };
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

/** The SDK's own warnings as JSON lines; signals are ours, since the process stops in an order of its own. */
function installRuntime(logger: Logger): void {
  const log = new DefaultLogger('WARN', ({ message, meta }) => logger.warn({ ...meta }, message));
  Runtime.install({ logger: log, shutdownSignals: [] });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
