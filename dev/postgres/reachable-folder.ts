import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { canEnter } from './run-user.ts';
import type { RunUser } from './run-user.ts';

/**
 * Where root puts what its PostgreSQL user must reach when the wanted place is below a closed folder, such as
 * root's home. Only root can write here, so nobody can have prepared it.
 */
export const rootsSharedFolder = '/var/cache/clancy';

/** The wanted folder where PostgreSQL's user can reach it, else one that belongs to the same name. */
export async function reachableFolder(wanted: string, user: RunUser | undefined): Promise<string> {
  const dir = resolve(wanted);
  await mkdir(dir, { recursive: true, mode: 0o711 });
  if (await canEnter(dir, user)) return dir;
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 16);
  const shared = join(rootsSharedFolder, 'postgres-data', name);
  await mkdir(shared, { recursive: true, mode: 0o711 });
  return shared;
}
