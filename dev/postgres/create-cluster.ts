import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { access, chown, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresBinaries } from './find-binaries.ts';
import type { RunUser } from './run-user.ts';

const run = promisify(execFile);

// Kept inside the data folder, so that a cluster and its password appear and vanish together.
const passwordFile = 'clancy-password';

export interface ClusterOptions {
  readonly binaries: PostgresBinaries;
  readonly user: RunUser | undefined;
  readonly dataDir: string;
}

/**
 * Makes the cluster unless it exists and returns the superuser's password, random and only in its data folder.
 * A start that is killed in the middle leaves no half cluster: it becomes visible by a rename.
 */
export async function createCluster(options: ClusterOptions): Promise<{ password: string; isNew: boolean }> {
  const { dataDir, user } = options;
  const known = await readFile(join(dataDir, passwordFile), 'utf8').catch(() => undefined);
  if (known !== undefined) return { password: known, isNew: false };
  if (await isThere(dataDir)) throw new Error(`${dataDir} exists and is no PostgreSQL cluster of ours: remove it`);
  const draft = `${dataDir}.new`;
  const password = randomBytes(24).toString('base64url');
  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { mode: 0o700 });
  await give(draft, user);
  const source = await writePassword(`${dataDir}.password`, password, user);
  try {
    await initdb(options, draft, source);
  } finally {
    await rm(source, { force: true });
  }
  await writePassword(join(draft, passwordFile), password, user);
  await rename(draft, dataDir);
  return { password, isNew: true };
}

/** The locale is C because it is the only one that every machine has; the encoding is UTF-8 all the same. */
async function initdb(options: ClusterOptions, dataDir: string, source: string): Promise<void> {
  const flags = ['--username=postgres', `--pwfile=${source}`, '--auth=scram-sha-256', '--no-sync'];
  const locale = ['--locale=C', '--lc-messages=C', '--encoding=UTF8', '--no-instructions'];
  try {
    await run(join(options.binaries.bin, 'initdb'), ['-D', dataDir, ...flags, ...locale], {
      ...options.user,
      cwd: '/',
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C', TZ: 'UTC' },
      timeout: 120_000,
    });
  } catch (error) {
    const said = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
    throw new Error(`initdb failed: ${said || String(error)}`, { cause: error });
  }
}

async function writePassword(path: string, password: string, user: RunUser | undefined): Promise<string> {
  await rm(path, { force: true });
  await writeFile(path, password, { mode: 0o600, flag: 'wx' });
  await give(path, user);
  return path;
}

async function give(path: string, user: RunUser | undefined): Promise<void> {
  if (user) await chown(path, user.uid, user.gid);
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
