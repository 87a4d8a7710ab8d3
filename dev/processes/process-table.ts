import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What the operating system says of a process; `startedAt` tells two holders of one pid apart. */
export interface ProcessInfo {
  readonly pid: number;
  readonly startedAt: string;
  readonly command: string;
}

/** Looks a process up; undefined when it is gone or only waits, dead, for its parent to notice. */
export async function findProcess(pid: number): Promise<ProcessInfo | undefined> {
  if (!Number.isSafeInteger(pid) || pid <= 0) return undefined;
  return process.platform === 'linux' ? fromProc(pid) : fromPs(pid);
}

/** proc(5): the name in parentheses may hold spaces, so fields are counted from the last one. */
async function fromProc(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const [boot, command] = await Promise.all([
      readFile('/proc/sys/kernel/random/boot_id', 'utf8'),
      readFile(`/proc/${pid}/cmdline`, 'utf8'),
    ]);
    const startedAt = `${boot.trim()}:${fields[19] ?? ''}`;
    return { pid, startedAt, command: command.replaceAll('\0', ' ').trim() };
  } catch {
    return undefined;
  }
}

async function fromPs(pid: number): Promise<ProcessInfo | undefined> {
  try {
    const ask = (column: string) => run('ps', ['-ww', '-o', `${column}=`, '-p', String(pid)]);
    const [state, start, command] = await Promise.all([ask('stat'), ask('lstart'), ask('command')]);
    if (state.stdout.trim().startsWith('Z')) return undefined;
    return { pid, startedAt: start.stdout.trim(), command: command.stdout.trim() };
  } catch {
    return undefined;
  }
}

/** True while that very process lives, not another one that got its pid. */
export async function isSameProcess(known: Pick<ProcessInfo, 'pid' | 'startedAt'>): Promise<boolean> {
  return (await findProcess(known.pid))?.startedAt === known.startedAt;
}
