import { execFile } from 'node:child_process';
import { access, constants, realpath } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { findNativePackage, prepareNative } from './native-package.ts';
import type { NativePackage } from './native-package.ts';
import type { RunUser } from './run-user.ts';

const run = promisify(execFile);

export interface PostgresBinaries {
  readonly bin: string;
  /** As the program itself says, such as `18.4`. */
  readonly version: string;
  readonly origin: 'embedded' | 'PATH';
}

export interface FindBinariesOptions {
  readonly user: RunUser | undefined;
  /** Folders for a copy of the npm package, should the installed one be out of the user's reach. */
  readonly copyTo: readonly string[];
  /** Value of `PATH`, searched for a `postgres` when npm brought none that runs here. */
  readonly path: string;
  /** Finds what npm brought; tests give one that finds nothing. */
  readonly findPackage?: () => Promise<NativePackage>;
}

/** Finds a PostgreSQL that runs on this machine: the one that npm brought, else one on the `PATH`. */
export async function findBinaries(options: FindBinariesOptions): Promise<PostgresBinaries> {
  const failures: string[] = [];
  const findPackage = options.findPackage ?? findNativePackage;
  const sources = [
    { origin: 'embedded', find: async () => join(await prepareNative(await findPackage(), options), 'bin') },
    { origin: 'PATH', find: () => findOnPath(options.path) },
  ] as const;
  for (const { origin, find } of sources) {
    try {
      const bin = await find();
      return { bin, origin, version: await askVersion(bin, options.user) };
    } catch (error) {
      failures.push(`- ${origin}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  const advice = 'Set DATABASE_URL to a PostgreSQL 15 or newer (a superuser), or install one.';
  throw new Error(`No PostgreSQL to start. Tried:\n${failures.join('\n')}\n${advice}`);
}

async function findOnPath(path: string): Promise<string> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    try {
      const program = await realpath(join(folder, 'postgres'));
      await access(join(dirname(program), 'initdb'), constants.X_OK);
      return dirname(program);
    } catch {
      continue;
    }
  }
  throw new Error('no folder of it holds postgres beside initdb');
}

async function askVersion(bin: string, user: RunUser | undefined): Promise<string> {
  const { stdout } = await run(join(bin, 'postgres'), ['--version'], { ...user, cwd: '/', timeout: 10_000 });
  const version = /PostgreSQL\)? (\d+(?:\.\d+)?)/.exec(stdout)?.[1];
  if (!version) throw new Error(`${bin}/postgres does not say its version`);
  return version;
}
