import { execFile } from 'node:child_process';
import { cp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { fillOnce, openCache } from '../cache.ts';

const MODULE = 'github.com/temporalio/ui-server/v2';
/** That of the image in docker-compose.temporal.yml; a test compares them. */
export const UI_VERSION = 'v2.54.1';

const run = promisify(execFile);

/** What Go needs to build, of the caller's environment. */
type GoEnvironment = Readonly<Record<string, string | undefined>>;

export interface TemporalUiFiles {
  readonly program: string;
  /** Folder of the image's own `docker.yaml`, which reads the variables that the image reads. */
  readonly configDir: string;
}

/**
 * Builds Temporal's Web UI server, its pages within, with the `go` of the PATH, once for all uses; some minutes at first.
 * The one in the development CLI has no sign-in, so no token to show to a codec server.
 * @throws Error that says what go said.
 */
export async function getUi(env: GoEnvironment): Promise<TemporalUiFiles> {
  const folder = join(await openCache(env), 'temporal-ui', UI_VERSION);
  await fillOnce(folder, async (into) => {
    await go(['install', `${MODULE}/cmd/server@${UI_VERSION}`], { ...env, GOBIN: into });
    const { Dir: module } = z.object({ Dir: z.string() }).parse(JSON.parse(await go(downloaded, env)));
    await cp(join(module, 'config/docker.yaml'), join(into, 'config', 'docker.yaml'));
    // A container's address is its own; here whoever reaches the machine would reach the UI.
    await writeFile(join(into, 'config', 'base.yaml'), 'host: 127.0.0.1\n');
  });
  return { program: join(folder, 'server'), configDir: join(folder, 'config') };
}

const downloaded = ['mod', 'download', '-json', `${MODULE}@${UI_VERSION}`];

async function go(args: string[], env: GoEnvironment): Promise<string> {
  try {
    return (await run('go', args, { env })).stdout;
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    throw new Error(`Temporal's Web UI ${UI_VERSION} is built with go, which is needed on the PATH: ${said}`, { cause: error });
  }
}
