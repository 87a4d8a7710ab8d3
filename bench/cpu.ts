import { readdir, readFile } from 'node:fs/promises';

/** One line of `/proc/{pid}/stat`, as far as we care: times in clock ticks. */
export interface ProcessTimes {
  readonly pid: number;
  readonly parent: number;
  /** Its own, and that of children that have ended and were waited for. */
  readonly ticks: number;
}

/** Milliseconds of CPU that each part has used so far. */
export type CpuTimes = { readonly [part: string]: number };

/** proc(5): `_SC_CLK_TCK`, 100 on every Linux that Node runs on. */
const MS_PER_TICK = 10;

/**
 * What each process and all that it started have used, by the operating system's own account.
 * @returns undefined on a system without `/proc`.
 */
export async function readCpu(roots: { readonly [part: string]: number }): Promise<CpuTimes | undefined> {
  const pids = await readdir('/proc').catch(() => []);
  const texts = await Promise.all(pids.filter(isNumber).map((pid) => readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')));
  const table = texts.flatMap((text) => parseStat(text) ?? []);
  if (table.length === 0) return undefined;
  return Object.fromEntries(Object.entries(roots).map(([part, pid]) => [part, ticksOfTree(table, pid) * MS_PER_TICK]));
}

/** proc(5): the name in parentheses may hold spaces and parentheses, so fields are counted from the last one. */
export function parseStat(text: string): ProcessTimes | undefined {
  const [, , parent, ...rest] = ['', ...text.slice(text.lastIndexOf(')') + 2).split(' ')];
  // utime, stime, cutime, cstime: fields 14 to 17 of the line, the parent being field 4.
  const times = rest.slice(9, 13).map(Number);
  const pid = Number.parseInt(text, 10);
  if (times.length < 4 || times.some(Number.isNaN) || Number.isNaN(pid)) return undefined;
  return { pid, parent: Number(parent), ticks: times.reduce((sum, time) => sum + time, 0) };
}

/** A server may put its children into groups of their own, as PostgreSQL does: so they are found by their parents. */
export function ticksOfTree(table: readonly ProcessTimes[], root: number): number {
  const tree = new Set([root]);
  for (const pid of tree) for (const process of table) if (process.parent === pid) tree.add(process.pid);
  return table.filter(({ pid }) => tree.has(pid)).reduce((sum, { ticks }) => sum + ticks, 0);
}

/** What was used between two readings; undefined when one of them is missing. */
export function cpuBetween(before: CpuTimes | undefined, after: CpuTimes | undefined): CpuTimes | undefined {
  if (!before || !after) return undefined;
  return Object.fromEntries(Object.entries(after).map(([part, ms]) => [part, ms - (before[part] ?? ms)]));
}

export function addCpu(one: CpuTimes | undefined, other: CpuTimes | undefined): CpuTimes | undefined {
  if (!one || !other) return one ?? other;
  return Object.fromEntries(Object.keys(one).map((part) => [part, (one[part] ?? 0) + (other[part] ?? 0)]));
}

function isNumber(name: string): boolean {
  return /^\d+$/.test(name);
}
