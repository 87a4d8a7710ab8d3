import { addCpu, cpuBetween, type CpuTimes } from './cpu.ts';
import { inParallel } from './in-parallel.ts';
import { SHAPES, type RunOne, type Sample, type Shape } from './shapes.ts';

/** All blocks of one shape at one load, together. */
export interface Measured {
  readonly shape: Shape;
  readonly atATime: number;
  readonly samples: readonly Sample[];
  readonly elapsedMs: number;
  /** Per part of the stack, over all samples; undefined where the system does not say. */
  readonly cpu: CpuTimes | undefined;
  /** When its blocks ran, in microseconds of the monotonic clock, which all processes share. */
  readonly windows: readonly Window[];
}

export interface Window {
  readonly fromUs: number;
  readonly untilUs: number;
}

export interface MeasureDeps {
  readonly shapes: { readonly [shape in Shape]: RunOne };
  readonly readCpu: () => Promise<CpuTimes | undefined>;
}

export interface Rounds {
  /** Of each shape, over all rounds. */
  readonly runs: number;
  readonly rounds: number;
  readonly atATime: number;
}

/**
 * Runs the shapes in turns, block by block, so that what slows the machine slows all of them; every other round goes
 * backwards. @throws Error at the first run that does not complete.
 */
export async function measureShapes(deps: MeasureDeps, { runs, rounds, atATime }: Rounds): Promise<Measured[]> {
  const blocks: Measured[] = [];
  for (const [round, count] of shareOut(runs, rounds).entries()) {
    for (const shape of round % 2 === 0 ? SHAPES : SHAPES.toReversed()) blocks.push(await block(deps, shape, count, atATime));
  }
  return SHAPES.map((shape) => blocks.filter((one) => one.shape === shape).reduce(join));
}

async function block({ shapes, readCpu }: MeasureDeps, shape: Shape, count: number, atATime: number): Promise<Measured> {
  const before = await readCpu();
  const fromUs = nowUs();
  const samples = await inParallel(count, atATime, shapes[shape]);
  const untilUs = nowUs();
  const cpu = cpuBetween(before, await readCpu());
  return { shape, atATime, samples, elapsedMs: (untilUs - fromUs) / 1_000, cpu, windows: [{ fromUs, untilUs }] };
}

function join(one: Measured, other: Measured): Measured {
  return {
    ...one,
    samples: [...one.samples, ...other.samples],
    elapsedMs: one.elapsedMs + other.elapsedMs,
    cpu: addCpu(one.cpu, other.cpu),
    windows: [...one.windows, ...other.windows],
  };
}

/** `runs` in `rounds` parts that differ by one at most; empty ones are left out. */
export function shareOut(runs: number, rounds: number): number[] {
  const parts = Array.from({ length: rounds }, (_, part) => Math.floor((runs + part) / rounds));
  return parts.filter((count) => count > 0);
}

function nowUs(): number {
  return Number(process.hrtime.bigint() / 1_000n);
}
