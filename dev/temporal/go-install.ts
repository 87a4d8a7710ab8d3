import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { spawnChild } from '../processes/spawn-child.ts';
import { lastLines } from '../processes/log-file.ts';
import type { Progress } from '../progress.ts';
import { pinnedCli } from './pinned-cli.ts';

export interface GoInstallOptions {
  /** Folder for the program. */
  readonly into: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Progress;
  readonly reportEveryMs?: number;
}

/** Builds the pinned Temporal CLI with the `go` of the PATH; two minutes and 3 GB of Go's caches the first time. */
export async function goInstall(options: GoInstallOptions): Promise<string> {
  const what = `Building Temporal ${pinnedCli.version} with go install`;
  const began = performance.now();
  const logFile = join(dirname(options.into), 'go-install.log');
  options.log({ what, state: 'running', detail: 'about 2 minutes and 3 GB of Go caches the first time' });
  const child = await spawnChild({
    name: 'go install',
    command: 'go',
    args: ['install', '-v', `${pinnedCli.module}@${pinnedCli.version}`],
    env: { ...options.env, GOBIN: options.into },
    cwd: options.into,
    logFile,
    log: options.log,
  });
  const report = async () => {
    const detail = countPackages(await readFile(logFile, 'utf8'));
    options.log({ what, state: 'running', detail, elapsedMs: performance.now() - began });
  };
  const timer = setInterval(() => void report().catch(() => {}), options.reportEveryMs ?? 5_000);
  const { code } = await child.waitForExit().finally(() => clearInterval(timer));
  const text = await readFile(logFile, 'utf8');
  if (code !== 0) throw new Error(explain(code, text));
  options.log({ what: `Built Temporal ${pinnedCli.version}`, state: 'done', elapsedMs: performance.now() - began });
  return join(options.into, 'temporal');
}

/** `go install -v` writes one line for a module it downloads and one for a package it compiles. */
function countPackages(text: string): string {
  const lines = text.split('\n').filter((line) => line !== '');
  const downloads = lines.filter((line) => line.startsWith('go: downloading')).length;
  return `${downloads} modules downloaded, ${lines.length - downloads} packages compiled`;
}

function explain(code: number | null, text: string): string {
  if (code === 127) return 'there is no go on the PATH';
  return `go ended with exit code ${code}; its last lines:\n${lastLines(text, 5)}`;
}
