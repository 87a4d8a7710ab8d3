import type { CpuTimes } from './cpu.ts';
import type { Measured } from './measure-shapes.ts';
import type { Shape } from './shapes.ts';
import { spreadOf, type Spread } from './statistics.ts';

/** A shape at one load. Times in milliseconds. */
export interface ShapeFigures {
  readonly shape: Shape;
  readonly at_a_time: number;
  readonly runs: number;
  /** Ordered and ended, over the time of all of them. */
  readonly runs_per_second: number;
  /** From the order to the workflow's result: for ours from the POST, for the floor from the start at Temporal. */
  readonly run: Spread;
  /** From the POST to its 202; ours only. */
  readonly post: Spread | null;
  /** From the workflow's start to its end, by Temporal's own clock. */
  readonly workflow: Spread;
  /** CPU per run and part of the stack; null where the system does not say. */
  readonly cpu_ms: CpuTimes | null;
  readonly ratio: Ratios;
}

/** How many times the floor's cost; 1 for the floor itself. */
export interface Ratios {
  /** The floor's runs per second over this shape's. */
  readonly runs_per_second: number;
  /** This shape's median over the floor's. */
  readonly p50: number;
  /** Likewise of the time within Temporal alone. */
  readonly workflow_p50: number;
  /** CPU of all parts together; null where the system does not say. */
  readonly cpu: number | null;
}

export type WorkflowMs = (workflowId: string) => number;

/** @throws RangeError when the floor at the same load is not among `measured`. */
export function figuresOf(measured: readonly Measured[], workflowMs: WorkflowMs): ShapeFigures[] {
  const plain = measured.map((one) => plainFigures(one, workflowMs));
  return plain.map((one) => {
    const floor = plain.find(({ shape, at_a_time }) => shape === 'floor' && at_a_time === one.at_a_time);
    if (!floor) throw new RangeError(`the floor was not measured at ${one.at_a_time}`);
    return { ...one, ratio: ratios(one, floor) };
  });
}

type Plain = Omit<ShapeFigures, 'ratio'>;

function plainFigures({ shape, atATime, samples, elapsedMs, cpu }: Measured, workflowMs: WorkflowMs): Plain {
  const posts = samples.flatMap(({ postMs }) => postMs ?? []);
  return {
    shape,
    at_a_time: atATime,
    runs: samples.length,
    runs_per_second: (samples.length * 1_000) / elapsedMs,
    run: spreadOf(samples.map(({ runMs }) => runMs)),
    post: posts.length === 0 ? null : spreadOf(posts),
    workflow: spreadOf(samples.map(({ workflowId }) => workflowMs(workflowId))),
    cpu_ms: cpu ? Object.fromEntries(Object.entries(cpu).map(([part, ms]) => [part, ms / samples.length])) : null,
  };
}

function ratios(one: Plain, floor: Plain): Ratios {
  return {
    runs_per_second: floor.runs_per_second / one.runs_per_second,
    p50: one.run.p50_ms / floor.run.p50_ms,
    workflow_p50: one.workflow.p50_ms / floor.workflow.p50_ms,
    cpu: one.cpu_ms && floor.cpu_ms ? total(one.cpu_ms) / total(floor.cpu_ms) : null,
  };
}

/** Of all parts but the load, which is no cost of a run. */
export function total(cpu: CpuTimes): number {
  return Object.entries(cpu).reduce((sum, [part, ms]) => (part === 'load' ? sum : sum + ms), 0);
}
