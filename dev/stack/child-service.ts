import { join } from 'node:path';
import { z } from 'zod';
import { nodeScript } from '../processes/node-script.ts';
import { spawnChild, type Child } from '../processes/spawn-child.ts';
import type { Progress } from '../progress.ts';
import type { Environment } from './environment.ts';

export interface ServiceSpec {
  /** `api`, `worker` ...: also the name of its file in `bin/` and of its log. */
  readonly name: string;
  readonly env: Environment;
  /** A folder made by `npm run build` to run it from; from its source without. */
  readonly dist?: string;
  /** Folder for log and pid file. */
  readonly dir: string;
  /** Answers 200 when the process is ready; without it, its `listening` line counts. */
  readonly readyUrl?: string;
  readonly log: Progress;
}

/** Starts one of our own processes and waits until it says that it is ready. */
export async function startService(spec: ServiceSpec): Promise<Child> {
  const startedAt = performance.now();
  const child = await spawnChild({
    name: spec.name,
    ...programOf(spec),
    env: spec.env,
    cwd: process.cwd(),
    logFile: join(spec.dir, `${spec.name}.log`),
    pidFile: join(spec.dir, `${spec.name}.pid`),
    readyTimeoutMs: 90_000,
    stopTimeoutMs: 20_000,
    readyWhen: async (starting) =>
      spec.readyUrl === undefined ? listeningUrl(await starting.logText()) !== undefined : isReady(spec.readyUrl),
    log: spec.log,
  });
  spec.log({ what: `${spec.name} is ready`, state: 'done', elapsedMs: performance.now() - startedAt });
  return child;
}

function programOf({ name, dist }: ServiceSpec): { command: string; args: readonly string[] } {
  if (dist === undefined) return nodeScript(new URL(`../../bin/${name}.ts`, import.meta.url));
  return { command: process.execPath, args: ['--enable-source-maps', join(dist, 'bin', `${name}.js`)] };
}

async function isReady(url: string): Promise<boolean> {
  const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
  await response.body?.cancel();
  return response.ok;
}

const listeningSchema = z.object({ msg: z.literal('listening'), url: z.string() });

/** The address in the `listening` line of a process's log. */
export function listeningUrl(logText: string): string | undefined {
  for (const line of logText.split('\n')) {
    if (!line.includes('"listening"')) continue;
    const parsed = listeningSchema.safeParse(parseLine(line));
    if (parsed.success) return parsed.data.url;
  }
  return undefined;
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // a line cut off by a crash
  }
}
