import { randomUUID } from 'node:crypto';
import { extname } from 'node:path';
import { createConnectHub } from '../connecthub/app.ts';
import { readHubConfig } from '../connecthub/config.ts';
import { createAgentCore } from '../connecthub/jobs/agent-core.ts';
import { startJobs } from '../connecthub/jobs/jobs.ts';
import { composeHub } from '../connecthub/compose.ts';
import { createRefresher } from '../connecthub/refresher/refresher.ts';
import type { HubDatabase } from '../db/client.ts';
import { createClientCredentialsSource } from '../platform/auth/service-token.ts';
import { readBuild, readVersion } from '../platform/build/build.ts';
import { createDrain } from '../platform/drain.ts';
import { createLogger } from '../platform/logger.ts';
import { startMetricsListener } from '../platform/metrics/listener.ts';
import { createMetrics } from '../platform/metrics/metrics.ts';
import { tellOfMissingKeks } from '../platform/secrets/missing-keks.ts';
import { stopOnSignal } from '../platform/shutdown.ts';
import { startTracing } from '../platform/telemetry/tracing.ts';

const WORK_STOP_MS = 17_000;
const CLOSE_MS = 3_000;

async function main(): Promise<void> {
  const config = readHubConfig(process.env);
  const logger = createLogger({ name: 'connecthub', level: config.LOG_LEVEL });
  const tracing = startTracing({ serviceName: 'clancy-connecthub', config, logger });
  const root = new URL('../', import.meta.url);
  const about = { version: await readVersion(root), buildId: (await readBuild(root))?.buildId, mode: config.mode };
  const metrics = createMetrics(about, { node: true });
  const owner = `connecthub-${randomUUID()}`;
  const refresher = createRefresher({
    script: new URL(`refresher${extname(import.meta.url)}`, import.meta.url),
    owner,
    logger,
    onCommitted: (entries, orgId) => wired.onCommitted(entries, orgId),
  });
  const wired = composeHub(config, logger, metrics, { owner, refresh: refresher.refresh });
  const { parts, database, outgoing, expressions } = wired;
  await assertDatabase(database, config.DATABASE_URL);
  await tellOfMissingKeks({ jobs: database.jobs, keyService: config.keyService, logger });
  const drain = createDrain(config);
  const app = await createConnectHub({ ...parts, isStopping: drain.isStopping });
  const url = await app.listen({ host: config.HOST, port: config.PORT });
  const scraped = await startMetricsListener({ host: config.HOST, port: config.METRICS_PORT, metrics });
  const tokens = createClientCredentialsSource({
    tokenUrl: config.COGNITO_TOKEN_URL,
    clientId: config.COGNITO_CLIENT_ID,
    clientSecret: config.COGNITO_CLIENT_SECRET,
  });
  const jobs = startJobs(parts, createAgentCore({ url: config.AGENT_CORE_URL, tokens }));
  stopOnSignal({
    logger,
    exit: (code) => process.exit(code),
    drain: drain.phase,
    steps: [
      // A provider may be slower than this only in answering a search: then the call is repeated at another copy.
      [
        // A provider that rotates has ended the old token when it answers: the new one is had once.
        {
          name: 'http',
          timeoutMs: WORK_STOP_MS,
          run: () => app.close().then(() => parts.tokens.idle()),
        },
        { name: 'jobs', timeoutMs: WORK_STOP_MS, run: () => jobs.stop() },
      ],
      [
        { name: 'refresher', timeoutMs: CLOSE_MS, run: () => refresher.close() },
        { name: 'outgoing', timeoutMs: CLOSE_MS, run: () => outgoing.close() },
        { name: 'expressions', timeoutMs: CLOSE_MS, run: () => expressions.close() },
        { name: 'database', timeoutMs: CLOSE_MS, run: () => database.close() },
        tracing.phase,
        { name: 'metrics', timeoutMs: CLOSE_MS, run: () => scraped?.close() },
      ],
    ],
  });
  logger.info({ url, copy: parts.owner, metrics_url: scraped?.url, mode: config.mode, waivers: config.waivers }, 'listening');
}

async function assertDatabase(database: HubDatabase, url: string): Promise<void> {
  await database.ping().catch((cause: unknown) => {
    const { hostname, port, pathname } = new URL(url);
    throw new Error(
      `PostgreSQL does not answer at ${hostname}:${port || '5432'}${pathname} (DATABASE_URL). Start it there, or correct ` +
        'DATABASE_URL (role hub_runtime); run `npm run migrate` once on an empty database. `npm run dev` brings one up.',
      { cause },
    );
  });
}

main().catch((error: unknown) => {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
});
