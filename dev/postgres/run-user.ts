import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A user and group of the operating system, by number. */
export interface RunUser {
  readonly uid: number;
  readonly gid: number;
}

// PostgreSQL refuses to run as root and wants its user to have a name. No account is created for it.
const candidates = ['postgres', '_postgres', 'nobody'];

/**
 * Whom to run PostgreSQL as: undefined (ourselves) for ordinary users; for root the first of the accounts
 * `postgres`, `_postgres` (macOS) and `nobody` that exists.
 */
export async function findRunUser(): Promise<RunUser | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  for (const name of candidates) {
    try {
      const [uid, gid] = await Promise.all([run('id', ['-u', name]), run('id', ['-g', name])]);
      return { uid: Number(uid.stdout), gid: Number(gid.stdout) };
    } catch {
      continue;
    }
  }
  throw new Error(`PostgreSQL does not run as root, and none of the users ${candidates.join(', ')} exists`);
}

/** Whether that user can pass through a folder, which depends on every folder above it too. */
export async function canEnter(folder: string, user: RunUser | undefined): Promise<boolean> {
  try {
    await run('/bin/sh', ['-c', 'cd "$1"', 'sh', folder], { ...user, cwd: '/' });
    return true;
  } catch {
    return false;
  }
}
