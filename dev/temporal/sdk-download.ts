import { readdir, readFile, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { nodeScript } from '../processes/node-script.ts';
import { spawnChild } from '../processes/spawn-child.ts';
import { lastLines } from '../processes/log-file.ts';
import type { Progress } from '../progress.ts';
import { pinnedCli } from './pinned-cli.ts';

export interface SdkDownloadOptions {
  /** Folder for the program. */
  readonly into: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Progress;
  /** How long the download may stand still before it is given up. */
  readonly stallTimeoutMs?: number;
}

const script = new URL('run-sdk-download.ts', import.meta.url);

/**
 * Lets the Temporal SDK download the CLI from its public CDN. In a process of its own, because the SDK's call can
 * neither be cancelled nor bounded in time.
 */
export async function sdkDownload(options: SdkDownloadOptions): Promise<string> {
  const what = `Downloading Temporal ${pinnedCli.version}`;
  const began = performance.now();
  options.log({ what, state: 'running' });
  const logFile = join(dirname(options.into), 'sdk-download.log');
  const child = await spawnChild({
    name: 'the download',
    ...nodeScript(script, [options.into, pinnedCli.version]),
    env: options.env,
    cwd: options.into,
    logFile,
    log: options.log,
  });
  const watch = stopWhenStalled(options, () => void child.stop());
  const { code } = await child.waitForExit().finally(() => clearInterval(watch));
  if (code !== 0) {
    const reason = await explain(logFile, code);
    options.log({ what: `${what} failed`, state: 'running', detail: reason, elapsedMs: performance.now() - began });
    throw new Error(reason);
  }
  options.log({ what: `Downloaded Temporal ${pinnedCli.version}`, state: 'done', elapsedMs: performance.now() - began });
  return findProgram(options.into);
}

/** Ends the download when the folder has not grown for a while, which covers a network that swallows packets. */
function stopWhenStalled(options: SdkDownloadOptions, stop: () => void): NodeJS.Timeout {
  const stallTimeoutMs = options.stallTimeoutMs ?? 10_000;
  let size = -1;
  let grewAt = performance.now();
  const look = async () => {
    const now = await folderSize(options.into);
    if (now !== size) grewAt = performance.now();
    size = now;
    if (performance.now() - grewAt > stallTimeoutMs) stop();
  };
  return setInterval(() => void look().catch(() => {}), Math.min(500, stallTimeoutMs / 4));
}

async function folderSize(folder: string): Promise<number> {
  const sizes = (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size);
  return (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
}

async function explain(logFile: string, code: number | null): Promise<string> {
  if (code === null) return 'no answer, given up';
  return lastLines(await readFile(logFile, 'utf8'), 1) || `ended with exit code ${code}`;
}

async function findProgram(folder: string): Promise<string> {
  const name = (await readdir(folder)).find((entry) => entry.startsWith('temporal'));
  if (!name) throw new Error('the SDK left no program');
  return join(folder, name);
}
