import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { createDatabase, databaseUrl, dropDatabase } from '../dev/postgres/databases.ts';
import type { Postgres } from '../dev/postgres/postgres.ts';
import { startPostgres } from '../dev/postgres/start-postgres.ts';
import { makeTempFolder } from '../dev/processes/temp-folder.ts';
import { silent } from '../dev/progress.ts';
import { openCache } from '../dev/cache.ts';
import type { CacheEnvironment } from '../dev/cache.ts';
import { migrate } from '../db/migrate.ts';

/** What a suite needs to make its own database: a server and the name of a migrated template. */
export interface DatabaseTemplate {
  /** Superuser, database `postgres`. */
  serverUrl: string;
  template: string;
  corePassword: string;
  hubPassword: string;
  /** Base64. */
  orgContextKey: string;
}

interface Running {
  template: DatabaseTemplate;
  stop: () => Promise<void>;
}

export interface BrokerEnvironment extends CacheEnvironment {
  readonly PATH?: string | undefined;
  readonly DATABASE_URL?: string | undefined;
}

/**
 * Answers the test processes with the run's one PostgreSQL, which is started for the first who asks: a run of unit
 * tests alone starts none.
 */
export async function startBroker(env: BrokerEnvironment): Promise<{ url: string; stop: () => Promise<void> }> {
  let running: Promise<Running> | undefined;
  const server = createServer((_request, response) => {
    running ??= startTemplate(env);
    running.then(
      ({ template }) => response.end(JSON.stringify(template)),
      (error: unknown) => response.writeHead(500).end(error instanceof Error ? error.stack : String(error)),
    );
  });
  // The first answer takes as long as starting a database does.
  server.requestTimeout = 0;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the broker has no port');
  const stop = async () => {
    server.close();
    server.closeAllConnections();
    await running?.then((it) => it.stop()).catch(() => {});
  };
  return { url: `http://127.0.0.1:${address.port}`, stop };
}

async function startTemplate(env: BrokerEnvironment): Promise<Running> {
  const folder = await makeTempFolder('clancy-test');
  const postgres = await startPostgres({
    dir: folder.path,
    databaseUrl: env.DATABASE_URL,
    cacheDir: await openCache(env),
    path: env.PATH ?? '',
    durable: false,
    log: silent,
  });
  const template = await makeTemplate(postgres);
  const stop = async () => {
    await dropDatabase(postgres.url, template.template);
    await postgres.remove();
    await folder.remove();
  };
  return { template, stop };
}

async function makeTemplate({ url }: Postgres): Promise<DatabaseTemplate> {
  const template: DatabaseTemplate = {
    serverUrl: databaseUrl(url, 'postgres'),
    template: `clancy_template_${randomBytes(6).toString('hex')}`,
    corePassword: passwordFor(url, 'core'),
    hubPassword: passwordFor(url, 'hub'),
    orgContextKey: randomBytes(32).toString('base64'),
  };
  await migrate({
    ownerUrl: await createDatabase(url, template.template),
    coreDbPassword: template.corePassword,
    hubDbPassword: template.hubPassword,
    orgContextKey: Buffer.from(template.orgContextKey, 'base64'),
  });
  return template;
}

/** Roles belong to the cluster: all runs against one server must set the same passwords. */
function passwordFor(url: string, role: string): string {
  return createHash('sha256').update(`${role} ${url}`).digest('base64url');
}
