import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { stopProcess } from '../processes/pid-file.ts';
import { findProcess } from '../processes/process-table.ts';
import type { Progress } from '../progress.ts';

/**
 * Stops a server that still runs on a data folder although whoever started it is gone, and removes the lock file
 * of one that ended without doing so: its pid may belong to a stranger by now, and PostgreSQL would refuse to
 * start. The caller has claimed the folder, so it is nobody's server.
 */
export async function stopOrphan(dataDir: string, log: Progress): Promise<void> {
  const lockFile = join(dataDir, 'postmaster.pid');
  const text = await readFile(lockFile, 'utf8').catch(() => undefined);
  if (text === undefined) return;
  const pid = Number.parseInt(text, 10);
  const found = await findProcess(pid);
  if (found?.command.includes('postgres') && found.command.includes(dataDir)) {
    await stopProcess(pid, { name: 'PostgreSQL', stopSignal: 'SIGINT', stopTimeoutMs: 20_000 });
    log({ what: `Stopped PostgreSQL (process ${pid}), left running by an earlier start`, state: 'done' });
  }
  await rm(lockFile, { force: true });
}
