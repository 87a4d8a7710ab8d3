import { createConnectHub } from '../connecthub/app.ts';
import { readHubConfig } from '../connecthub/config.ts';
import { createAgentCore } from '../connecthub/jobs/agent-core.ts';
import { startJobs } from '../connecthub/jobs/jobs.ts';
import { composeHub } from '../connecthub/compose.ts';
import type { HubDatabase } from '../db/client.ts';
import { createClientCredentialsSource } from '../platform/auth/service-token.ts';
import { createDrain } from '../platform/drain.ts';
import { createLogger } from '../platform/logger.ts';
import { stopOnSignal } from '../platform/shutdown.ts';

async function main(): Promise<void> {
  const config = readHubConfig(process.env);
  const logger = createLogger({ name: 'connecthub', level: config.LOG_LEVEL });
  const { parts, database, outgoing, expressions } = composeHub(config, logger);
  await assertDatabase(database, config.DATABASE_URL);
  const drain = createDrain(config);
  const app = await createConnectHub({ ...parts, isStopping: drain.isStopping });
  const url = await app.listen({ host: config.HOST, port: config.PORT });
  const tokens = createClientCredentialsSource({
    tokenUrl: config.COGNITO_TOKEN_URL,
    clientId: config.COGNITO_CLIENT_ID,
    clientSecret: config.COGNITO_CLIENT_SECRET,
  });
  const jobs = startJobs(parts, createAgentCore({ url: config.AGENT_CORE_URL, tokens }));
  stopOnSignal({
    logger,
    exit: (code) => process.exit(code),
    phases: [
      drain.phase,
      { name: 'http', timeoutMs: 15_000, run: () => app.close() },
      { name: 'jobs', timeoutMs: 15_000, run: () => jobs.stop() },
      { name: 'outgoing', timeoutMs: 2_000, run: () => outgoing.close() },
      { name: 'expressions', timeoutMs: 2_000, run: () => expressions.close() },
      { name: 'database', timeoutMs: 5_000, run: () => database.close() },
    ],
  });
  logger.info({ url, mode: config.mode, waivers: config.waivers }, 'listening');
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
