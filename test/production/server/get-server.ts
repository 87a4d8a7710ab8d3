import { execFile } from 'node:child_process';
import { cp, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { fillOnce, openCache } from '../../../dev/cache.ts';

const MODULE = 'go.temporal.io/server';
/** The newest that the pinned CLI's embedded server matches, and that `go install` builds as it is. */
const VERSION = 'v1.29.1';

const run = promisify(execFile);

export interface TemporalServerFiles {
  /** Folder of the programs `server` and `temporal-sql-tool`. */
  readonly bin: string;
  /** The schemas of this version for PostgreSQL. */
  readonly schemaDir: string;
}

/** Builds Temporal's server and its SQL tool with Go, once for all test runs; minutes and 3 GB of Go's caches at first. */
export async function getServer(env: NodeJS.ProcessEnv): Promise<TemporalServerFiles> {
  const bin = join(await openCache(env), 'temporal-server', VERSION);
  await fillOnce(bin, async (into) => {
    const programs = [`${MODULE}/cmd/server@${VERSION}`, `${MODULE}/cmd/tools/sql@${VERSION}`];
    await run('go', ['install', ...programs], { env: { ...env, GOBIN: into } });
    await rename(join(into, 'sql'), join(into, 'temporal-sql-tool'));
    const { stdout } = await run('go', ['mod', 'download', '-json', `${MODULE}@${VERSION}`], { env });
    const { Dir: module } = z.object({ Dir: z.string() }).parse(JSON.parse(stdout));
    await cp(join(module, 'schema/postgresql/v12'), join(into, 'schema'), { recursive: true });
  });
  return { bin, schemaDir: join(bin, 'schema') };
}
