import { cpuBetween, type CpuTimes } from '../cpu.ts';
import { inParallel } from '../in-parallel.ts';
import { spreadOf, type Spread } from '../statistics.ts';

/** What so many requests at a time gave. */
export interface LoadFigures {
  readonly what: string;
  readonly at_a_time: number;
  readonly requests: number;
  readonly per_second: number;
  readonly time: Spread;
  /** CPU per request and part of the stack; null where the system does not say. */
  readonly cpu_ms: CpuTimes | null;
}

export interface Load {
  readonly what: string;
  readonly atATime: number;
  readonly requests: number;
  /** Gives the milliseconds that it took. */
  readonly ask: (index: number) => Promise<number>;
}

/** Keeps so many requests under way until all are answered. @throws Error at the first that is not answered as expected. */
export async function measureLoad(readCpu: () => Promise<CpuTimes | undefined>, load: Load): Promise<LoadFigures> {
  const { what, atATime, requests, ask } = load;
  const before = await readCpu();
  const beganMs = performance.now();
  const times = await inParallel(requests, atATime, ask);
  const elapsedMs = performance.now() - beganMs;
  const cpu = cpuBetween(before, await readCpu());
  return {
    what,
    at_a_time: atATime,
    requests,
    per_second: (requests * 1_000) / elapsedMs,
    time: spreadOf(times),
    cpu_ms: cpu ? Object.fromEntries(Object.entries(cpu).map(([part, ms]) => [part, ms / requests])) : null,
  };
}
