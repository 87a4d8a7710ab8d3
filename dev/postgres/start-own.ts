import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { claimFolder } from '../processes/claim-folder.ts';
import type { Claim } from '../processes/claim-folder.ts';
import { spawnChild } from '../processes/spawn-child.ts';
import type { Child } from '../processes/spawn-child.ts';
import { stickyPort } from '../processes/sticky-port.ts';
import { createCluster } from './create-cluster.ts';
import { withClient } from './databases.ts';
import { findBinaries } from './find-binaries.ts';
import type { PostgresBinaries } from './find-binaries.ts';
import type { Postgres, PostgresOptions } from './postgres.ts';
import { reachableFolder, rootsSharedFolder } from './reachable-folder.ts';
import { findRunUser } from './run-user.ts';
import type { RunUser } from './run-user.ts';
import { stopOrphan } from './stop-orphan.ts';
import { whenSessionsAreGone } from './when-sessions-are-gone.ts';

/** Starts a server of our own on the folder's data, made when there is none. */
export async function startOwn(options: PostgresOptions): Promise<Postgres> {
  const began = performance.now();
  const user = await findRunUser();
  const copyTo = user ? [options.cacheDir, rootsSharedFolder] : [options.cacheDir];
  const binaries = await findBinaries({ user, copyTo, path: options.path });
  const dir = await reachableFolder({
    wanted: options.dir,
    user,
    sharedFolder: rootsSharedFolder,
    log: options.log,
  });
  const claim = await claimFolder(dir);
  try {
    const place: Place = { dir, user, binaries, dataDir: join(dir, `data-${Number.parseInt(binaries.version, 10)}`) };
    const server = await launch(options, place);
    const what = `PostgreSQL ${binaries.version} (${binaries.origin}) started`;
    options.log({ what, state: 'done', elapsedMs: performance.now() - began });
    return asPostgres(server, place.dataDir, claim);
  } catch (error) {
    await claim.release();
    throw error;
  }
}

interface Place {
  readonly dir: string;
  /** One for each major version: their formats differ. */
  readonly dataDir: string;
  readonly user: RunUser | undefined;
  readonly binaries: PostgresBinaries;
}

interface Server {
  readonly child: Child;
  readonly url: string;
}

async function launch(options: PostgresOptions, place: Place): Promise<Server> {
  const { dataDir, binaries } = place;
  const { password, isNew } = await createCluster(place);
  if (!isNew) await stopOrphan(dataDir, options.log);
  const port = await stickyPort(join(place.dir, 'port'));
  const url = `postgres://postgres:${password}@127.0.0.1:${port}/postgres`;
  const start = () =>
    spawnChild({
      name: 'PostgreSQL',
      command: join(binaries.bin, 'postgres'),
      args: ['-D', dataDir, ...settings(port, options.durable ?? true)],
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      cwd: '/',
      ...(place.user ? { user: place.user } : {}),
      logFile: join(place.dir, 'postgres.log'),
      readyWhen: () => withClient(url, async (client) => (await client.query('SELECT 1')).rowCount === 1),
      readyTimeoutMs: 60_000, // recovery after a crash replays what was not yet in the data files
      stopSignal: 'SIGINT', // "fast": ends open sessions; SIGTERM would wait for them
      log: options.log,
    });
  return { child: await whenSessionsAreGone(start), url };
}

function settings(port: number, isDurable: boolean): string[] {
  const values = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '', // a socket's path may be 107 characters long, a checkout's longer
    max_connections: '200',
    timezone: 'UTC',
    log_timezone: 'UTC',
    ...(isDurable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  };
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
}

function asPostgres({ child, url }: Server, dataDir: string, claim: Claim): Postgres {
  const stop = async (): Promise<void> => {
    await child.stop();
    await claim.release();
  };
  return {
    url,
    get pid() {
      return child.pid;
    },
    child,
    dataDir,
    stop,
    async remove() {
      await stop();
      await rm(dataDir, { recursive: true, force: true });
    },
    kill: (signal) => child.kill(signal),
    restart: () => whenSessionsAreGone(() => child.restart()),
  };
}
