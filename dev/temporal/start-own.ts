import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Connection } from '@temporalio/client';
import { claimFolder } from '../processes/claim-folder.ts';
import type { Claim } from '../processes/claim-folder.ts';
import { stopLeftover } from '../processes/pid-file.ts';
import { spawnChild } from '../processes/spawn-child.ts';
import type { Child } from '../processes/spawn-child.ts';
import { stickyPort } from '../processes/sticky-port.ts';
import { cliSources } from './cli-sources.ts';
import { findCli } from './find-cli.ts';
import { ensureNamespace } from './namespaces.ts';
import { serverArguments } from './server-arguments.ts';
import type { ServerPlace } from './server-arguments.ts';
import type { Temporal, TemporalOptions } from './temporal.ts';

/** Starts a server of our own on the folder's database file, made when there is none. */
export async function startOwn(options: TemporalOptions): Promise<Temporal> {
  const cli = await findCli(cliSources(options));
  const began = performance.now();
  const dir = resolve(options.dir);
  const claim = await claimFolder(dir);
  try {
    await stopLeftover({ ...serverProcess(dir), log: options.log }); // before its ports are looked at
    const place = await choosePlace(options, dir);
    const child = await launch(options, cli.path, dir, place);
    const what = `Temporal server ${cli.version.server} with Web UI ${cli.version.ui} (from ${cli.source}) started`;
    options.log({ what, state: 'done', elapsedMs: performance.now() - began });
    return asTemporal(options.namespace, place, child, claim);
  } catch (error) {
    await claim.release();
    throw error;
  }
}

async function choosePlace(options: TemporalOptions, dir: string): Promise<ServerPlace> {
  return {
    dbFile: join(dir, 'temporal.db'),
    port: options.port ?? (await stickyPort(join(dir, 'port'))),
    uiPort: options.uiPort ?? (await stickyPort(join(dir, 'ui-port'))),
    namespaces: [...new Set([options.namespace, ...(options.namespaces ?? [])])],
  };
}

function serverProcess(dir: string) {
  const pidFile = join(dir, 'temporal.pid');
  return { name: 'Temporal', pidFile, stopSignal: 'SIGTERM', stopTimeoutMs: 10_000 } as const;
}

async function launch(options: TemporalOptions, cli: string, dir: string, place: ServerPlace): Promise<Child> {
  await mkdir(join(dir, 'home'), { recursive: true });
  return spawnChild({
    ...serverProcess(dir),
    command: cli,
    args: serverArguments(place),
    // A home of its own: the CLI would read the user's configuration and write its own.
    env: { PATH: '/usr/bin:/bin', HOME: join(dir, 'home') },
    cwd: dir,
    logFile: join(dir, 'temporal.log'),
    readyWhen: () => isReady(place),
    readyTimeoutMs: 60_000,
    log: options.log,
  });
}

async function isReady(place: ServerPlace): Promise<boolean> {
  const ui = await fetch(`http://127.0.0.1:${place.uiPort}/`);
  if (!ui.ok) return false;
  const connection = await Connection.connect({ address: addressOf(place), connectTimeout: '2s' });
  try {
    for (const namespace of place.namespaces) await ensureNamespace(connection, namespace);
    return true;
  } finally {
    await connection.close();
  }
}

function addressOf(place: ServerPlace): string {
  return `127.0.0.1:${place.port}`;
}

function asTemporal(namespace: string, place: ServerPlace, child: Child, claim: Claim): Temporal {
  return {
    address: addressOf(place),
    uiUrl: `http://127.0.0.1:${place.uiPort}`,
    namespace,
    dbFile: place.dbFile,
    logFile: child.logFile,
    get pid() {
      return child.pid;
    },
    child,
    async stop() {
      await child.stop();
      await claim.release();
    },
    kill: (signal) => child.kill(signal),
    restart: () => child.restart(),
  };
}
