import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { silent } from '../progress.ts';
import { nodeScript } from './node-script.ts';
import { findProcess } from './process-table.ts';
import { spawnChild } from './spawn-child.ts';
import type { Child } from './spawn-child.ts';
import { waitUntil } from './wait-until.ts';

export interface DoomedParent extends Child {
  /** Waits until the parent has printed something that matches, and returns the groups. */
  printed(pattern: RegExp): Promise<string[]>;
}

/**
 * For tests of what remains when a parent dies: runs TypeScript source as a process of its own that says
 * `ready` when the test may go on.
 */
export async function startDoomedParent(folder: string, source: string): Promise<DoomedParent> {
  const script = join(folder, 'parent.mts');
  await writeFile(script, source);
  const child = await spawnChild({
    name: 'parent',
    ...nodeScript(script),
    env: { PATH: '/usr/bin:/bin', HOME: folder },
    cwd: folder,
    logFile: join(folder, 'parent.log'),
    readyWhen: async (starting) => (await starting.logText()).includes('ready'),
    log: silent,
  });
  const match = async (pattern: RegExp) => pattern.exec(await readFile(child.logFile, 'utf8')) ?? undefined;
  const printed = async (pattern: RegExp): Promise<string[]> => {
    const found = await waitUntil(() => match(pattern), { timeoutMs: 10_000, what: `the parent to print ${pattern}` });
    return found.slice(1);
  };
  return Object.assign(child, { printed });
}

/** Gives processes some seconds to end and returns those that have not. */
export async function survivors(pids: readonly number[]): Promise<number[]> {
  const alive = async () => {
    const found = await Promise.all(pids.map(findProcess));
    return found.flatMap((one) => (one ? [one.pid] : []));
  };
  const areGone = async () => (await alive()).length === 0;
  await waitUntil(areGone, { timeoutMs: 20_000, what: 'processes to end' }).catch(() => {});
  return alive();
}

/** The guardian process beside a parent, see guardian.ts. */
export function guardianOf(parent: Child): Promise<number | undefined> {
  return new Promise((resolve) => {
    execFile('pgrep', ['-f', 'guardian.sh', '-P', String(parent.pid)], (_error, stdout) =>
      resolve(stdout === '' ? undefined : Number(stdout)),
    );
  });
}
