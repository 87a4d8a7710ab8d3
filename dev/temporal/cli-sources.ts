import { access, constants } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import type { CliSource } from './find-cli.ts';
import { goInstall } from './go-install.ts';
import { makeOnce } from './make-once.ts';
import { cachedCliPath, pinnedCli } from './pinned-cli.ts';
import { sdkDownload } from './sdk-download.ts';
import type { TemporalOptions } from './temporal.ts';

/** The ways to a Temporal CLI, best first. One that was named by its user is the only one: no silent substitute. */
export function cliSources(options: Pick<TemporalOptions, 'cli' | 'cacheDir' | 'env' | 'log'>): CliSource[] {
  const { cli, cacheDir, env, log } = options;
  if (cli) return [{ name: 'CLANCY_TEMPORAL_CLI', find: async () => cli }];
  const cached = cachedCliPath(cacheDir);
  return [
    { name: 'the PATH', find: () => findOnPath(env['PATH'] ?? '') },
    { name: 'the cache', find: () => findFile(cached) },
    { name: "the SDK's download", find: () => makeOnce(cached, (into) => sdkDownload({ into, env, log }), log) },
    {
      name: `go install ${pinnedCli.module}@${pinnedCli.version}`,
      find: () => makeOnce(cached, (into) => goInstall({ into, env, log }), log),
    },
  ];
}

async function findFile(path: string): Promise<string> {
  try {
    await access(path, constants.X_OK);
    return path;
  } catch {
    throw new Error(`${path} does not exist`);
  }
}

async function findOnPath(path: string): Promise<string> {
  for (const folder of path.split(delimiter).filter((entry) => entry !== '')) {
    const found = await findFile(join(folder, 'temporal')).catch(() => undefined);
    if (found) return found;
  }
  throw new Error('no folder of it holds temporal');
}
