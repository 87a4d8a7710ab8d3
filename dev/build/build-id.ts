import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * An id of code and dependencies: the same sources and lock file give the same id on every machine, so that building
 * again makes no new deployment version.
 */
export async function buildIdOf(options: { version: string; dist: string; lockFile: string }): Promise<string> {
  const hash = createHash('sha256').update(await readFile(options.lockFile));
  const files = (await readdir(options.dist, { recursive: true })).filter(isCode).toSorted();
  for (const file of files) hash.update(`\n${file}\n`).update(await readFile(join(options.dist, file)));
  return `${options.version}-${hash.digest('hex').slice(0, 12)}`;
}

/** Source maps and type information say nothing that runs. */
function isCode(file: string): boolean {
  return /\.(js|mjs|sql|json)$/.test(file);
}
