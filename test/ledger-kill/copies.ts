import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Client } from 'pg';
import { silent } from '../../dev/progress.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { listeningUrl, startService } from '../../dev/stack/child-service.ts';
import type { Environment } from '../../dev/stack/environment.ts';

/** One process of ConnectHub. */
export interface Copy {
  readonly url: string;
  /** SIGKILL, at once. */
  kill(): void;
  /** Resolves when it is gone, and the last statement that it had sent to the database has ended. */
  gone(): Promise<void>;
}

/** Copies one after another; the next ones start while the current one works, for a start takes longer than a call. */
export interface Copies {
  /** Where calls go now. */
  current(): Copy;
  /** Resolves when the next one is up. */
  ready(): Promise<void>;
  /** Puts the next one, which is up, into the place of the current one, and gives that one. */
  replace(): Copy;
  close(): Promise<void>;
}

export interface CopyOptions {
  env: Environment;
  /** A build to run; from source without. */
  dist?: string | undefined;
  /** Folder for logs. */
  dir: string;
  owner: Client;
  /** Copies that are started before they are needed. */
  ahead: number;
}

export async function openCopies(options: CopyOptions): Promise<Copies> {
  const starting: Promise<Copy>[] = [];
  const all: Copy[] = [];
  let n = 0;
  let following: Copy | undefined;
  async function start(): Promise<Copy> {
    const copy = await startCopy(options, (n += 1));
    all.push(copy);
    return copy;
  }
  async function next(): Promise<Copy> {
    while (starting.length < options.ahead) {
      const copy = start();
      copy.catch(() => undefined); // told to whoever takes it
      starting.push(copy);
    }
    return starting.shift()!;
  }
  let current = await next();
  return {
    current: () => current,
    ready: async () => {
      following ??= await next();
    },
    replace: () => {
      if (!following) throw new Error('no copy is there to take the place of this one');
      const replaced = current;
      [current, following] = [following, undefined];
      return replaced;
    },
    close: async () => {
      await Promise.allSettled(starting);
      for (const copy of all) copy.kill();
      for (const copy of all) await copy.gone();
    },
  };
}

async function startCopy({ env, dist, dir, owner }: CopyOptions, n: number): Promise<Copy> {
  const name = `copy-${n}`;
  const folder = await mkdtemp(join(dir, `${name}-`));
  const url = new URL(env['DATABASE_URL'] ?? '');
  url.searchParams.set('application_name', name);
  const service = { name: 'connecthub', env: { ...env, DATABASE_URL: url.href, PORT: '0' }, dir: folder, log: silent };
  const child = await startService({ ...service, ...(dist !== undefined && { dist }) });
  return {
    url: listeningUrl(await readFile(child.logFile, 'utf8')) ?? '',
    kill: () => child.kill('SIGKILL'),
    gone: async () => {
      await child.waitForExit();
      const isGone = async () => (await owner.query(BACKENDS, [name])).rowCount === 0;
      await waitUntil(isGone, { timeoutMs: 30_000, everyMs: 5, what: `${name} to leave the database` });
      await rm(folder, { recursive: true, force: true });
    },
  };
}

const BACKENDS = `select 1 from pg_stat_activity where datname = current_database() and application_name = $1`;
