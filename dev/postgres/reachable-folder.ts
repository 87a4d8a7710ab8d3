import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { claimFolder } from '../processes/claim-folder.ts';
import type { Progress } from '../progress.ts';
import { canEnter } from './run-user.ts';
import type { RunUser } from './run-user.ts';

/**
 * Where root puts what its PostgreSQL user must reach when the wanted place is below a closed folder, such as
 * root's home. Only root can write here, so nobody can have prepared it.
 */
export const rootsSharedFolder = '/var/cache/clancy';

export interface ReachableOptions {
  readonly wanted: string;
  readonly user: RunUser | undefined;
  /** `rootsSharedFolder`, or a test's own. */
  readonly sharedFolder: string;
  readonly log: Progress;
}

/**
 * The wanted folder where PostgreSQL's user can reach it, else one that belongs to it: found again through a file
 * in the wanted folder, and given up with it, so that a removed state folder never meets its old database.
 */
export async function reachableFolder({ wanted, user, sharedFolder, log }: ReachableOptions): Promise<string> {
  const dir = resolve(wanted);
  await mkdir(dir, { recursive: true, mode: 0o711 });
  if (await canEnter(dir, user)) return dir;
  const parent = join(sharedFolder, 'postgres-data');
  await mkdir(parent, { recursive: true, mode: 0o711 });
  await removeAbandoned(parent);
  const moved = join(parent, await ownName(dir, parent));
  log({ what: `The user that runs PostgreSQL cannot enter ${dir}: its data is in ${moved}`, state: 'running' });
  return moved;
}

async function ownName(dir: string, parent: string): Promise<string> {
  const known = await readName(dir);
  if (known !== undefined && (await readOrigin(join(parent, known))) === dir) return known;
  const name = randomBytes(8).toString('hex');
  const draft = join(parent, `.${name}`);
  await mkdir(draft, { mode: 0o711 });
  await writeFile(join(draft, 'origin'), dir);
  await writeFile(join(dir, 'moved-to'), name);
  await rename(draft, join(parent, name));
  return name;
}

/** Removes the folders whose owners are gone or have another one by now. */
async function removeAbandoned(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    const folder = join(parent, name);
    const origin = await readOrigin(folder);
    if (name.startsWith('.') || (origin !== undefined && (await readName(origin)) === name)) continue;
    const isUsed = await claimFolder(folder).then(
      () => false,
      () => true,
    );
    if (!isUsed) await rm(folder, { recursive: true, force: true });
  }
}

function readName(dir: string): Promise<string | undefined> {
  return readFile(join(dir, 'moved-to'), 'utf8').catch(() => undefined);
}

function readOrigin(folder: string): Promise<string | undefined> {
  return readFile(join(folder, 'origin'), 'utf8').catch(() => undefined);
}
