import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { escapeIdentifier } from 'pg';
import { createDatabase, databaseUrl, dropDatabase, withClient } from '../../dev/postgres/databases.ts';
import { freePort } from '../../dev/processes/free-port.ts';
import type { Progress } from '../../dev/progress.ts';
import { startService } from '../../dev/stack/child-service.ts';
import type { Stack } from '../../dev/stack/start-stack.ts';

/**
 * Makes a copy of the stack's database on the same server. Nobody may be connected to what is copied: the connections of our
 * processes are ended, and they make new ones.
 */
export async function copyDatabase({ databases }: Pick<Stack, 'databases'>, name: string): Promise<string> {
  const source = decodeURIComponent(new URL(databases.owner).pathname.slice(1));
  const server = databaseUrl(databases.owner, 'postgres');
  const allow = (is: boolean): Promise<unknown> =>
    withClient(server, (client) => client.query(`alter database ${escapeIdentifier(source)} with allow_connections ${is}`));
  await dropDatabase(server, name);
  await allow(false);
  try {
    await withClient(server, (client) =>
      client.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [source]),
    );
    return await createDatabase(server, name, source);
  } finally {
    await allow(true);
  }
}

export interface HubProcess {
  readonly url: string;
  stop(): Promise<void>;
}

/** Starts one more ConnectHub beside that of the stack, over a database of the same server. */
export async function startHubOn(stack: Stack, ownerUrl: string, log: Progress): Promise<HubProcess> {
  const port = await freePort();
  const dir = join(stack.dir, `connecthub-${port}`);
  await mkdir(dir);
  const database = decodeURIComponent(new URL(ownerUrl).pathname.slice(1));
  const { METRICS_PORT: _taken, ...env } = stack.environments.connecthub;
  const child = await startService({
    name: 'connecthub',
    env: { ...env, PORT: String(port), DATABASE_URL: databaseUrl(stack.databases.hub, database) },
    dir,
    readyUrl: `http://127.0.0.1:${port}/ready`,
    log,
  });
  return { url: `http://127.0.0.1:${port}`, stop: async () => void (await child.stop()) };
}
