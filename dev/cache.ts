import { randomUUID } from 'node:crypto';
import { access, constants, mkdir, rename, rm, stat } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { isAbsolute, join } from 'node:path';

/** The variables that decide where the cache lies; entry points pass `process.env`. */
export interface CacheEnvironment {
  readonly CLANCY_CACHE_DIR?: string | undefined;
  readonly XDG_CACHE_HOME?: string | undefined;
}

/**
 * The folder for things that are dear to make and may be lost: binaries, builds.
 * A relative `XDG_CACHE_HOME` is ignored, as the XDG base directory specification asks.
 */
export function cacheFolder(env: CacheEnvironment): string {
  if (env.CLANCY_CACHE_DIR) return env.CLANCY_CACHE_DIR;
  const base = env.XDG_CACHE_HOME;
  return join(base && isAbsolute(base) ? base : join(homedir(), '.cache'), 'clancy');
}

/**
 * Makes the cache folder and returns it. Users without a writable home (`nobody`, some CI users) get a
 * folder of their own below the temporary one; it is refused when somebody else made it first.
 */
export async function openCache(env: CacheEnvironment): Promise<string> {
  const wanted = cacheFolder(env);
  if (await canMake(wanted)) return wanted;
  if (env.CLANCY_CACHE_DIR) throw new Error(`CLANCY_CACHE_DIR (${wanted}) cannot be written`);
  const uid = process.getuid?.() ?? 0;
  const fallback = join(tmpdir(), `clancy-cache-${uid}`);
  if (!(await canMake(fallback)) || (await stat(fallback)).uid !== uid) {
    throw new Error(`neither ${wanted} nor ${fallback} can be used as cache: set CLANCY_CACHE_DIR`);
  }
  return fallback;
}

async function canMake(folder: string): Promise<boolean> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o755 });
    await access(folder, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Fills a folder once, however many processes try at the same time: `fill` works on a private folder that is
 * renamed into place when it is complete, so that nobody ever sees half of it.
 */
export async function fillOnce(folder: string, fill: (into: string) => Promise<void>): Promise<void> {
  if (await exists(folder)) return;
  const draft = `${folder}.${randomUUID()}`;
  await mkdir(draft, { recursive: true, mode: 0o755 });
  try {
    await fill(draft);
    await rename(draft, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
