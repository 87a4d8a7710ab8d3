import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import type { Progress } from '../progress.ts';
import { findProcess, isSameProcess } from './process-table.ts';
import { waitUntil } from './wait-until.ts';

/** Remembers on disk which process runs, with its start time, so that a reused pid is never taken for it. */
export async function writePidFile(path: string, pid: number): Promise<void> {
  const found = await findProcess(pid);
  if (!found) return;
  const draft = `${path}.${process.pid}`;
  await writeFile(draft, JSON.stringify({ pid, startedAt: found.startedAt }), { mode: 0o600 });
  await rename(draft, path);
}

export async function removePidFile(path: string): Promise<void> {
  await rm(path, { force: true });
}

export interface Leftover {
  readonly pidFile: string;
  readonly name: string;
  readonly stopSignal: NodeJS.Signals;
  readonly stopTimeoutMs: number;
  readonly log: Progress;
}

/**
 * Stops the process that a pid file names, if it still runs: what an earlier start left when both it and its
 * guardian were killed. Only for folders that the caller has claimed, else it would stop a neighbour's child.
 */
export async function stopLeftover(leftover: Leftover): Promise<void> {
  const known = await readPidFile(leftover.pidFile);
  if (known && (await isSameProcess(known))) {
    await stopProcess(known.pid, leftover);
    const what = `Stopped ${leftover.name} (process ${known.pid}), left running by an earlier start`;
    leftover.log({ what, state: 'done' });
  }
  await removePidFile(leftover.pidFile);
}

/** Asks a process that is not a child of ours to end, and kills it when it does not in time. */
export async function stopProcess(pid: number, how: Pick<Leftover, 'stopSignal' | 'stopTimeoutMs' | 'name'>): Promise<void> {
  const isGone = async () => (await findProcess(pid)) === undefined;
  if (!send(pid, how.stopSignal)) return;
  try {
    await waitUntil(isGone, { timeoutMs: how.stopTimeoutMs, what: `${how.name} to end` });
  } catch {
    send(pid, 'SIGKILL');
    await waitUntil(isGone, { timeoutMs: 5_000, what: `${how.name} (process ${pid}) to end after SIGKILL` });
  }
}

function send(pid: number, signal: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}

async function readPidFile(path: string): Promise<{ pid: number; startedAt: string } | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'));
    if (typeof value !== 'object' || value === null || !('pid' in value) || !('startedAt' in value)) return undefined;
    const { pid, startedAt } = value;
    return typeof pid === 'number' && typeof startedAt === 'string' ? { pid, startedAt } : undefined;
  } catch {
    return undefined;
  }
}
