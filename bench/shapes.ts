import type { Client } from '@temporalio/client';
import type { ClancyClient } from '../cli/client/clancy-client.ts';
import type { floorRun } from './floor/workflow.ts';
import { FLOOR_QUEUE } from './floor/queue.ts';
import { resultOf } from './run-result.ts';

/** The ways of doing the same: one message at the provider, one row of what became of it. */
export const SHAPES = ['floor', 'inline', 'child'] as const;
export type Shape = (typeof SHAPES)[number];

export interface Sample {
  readonly workflowId: string;
  /** From the order until Temporal has the result. */
  readonly runMs: number;
  /** The part of it until the API said 202; the floor has no API. */
  readonly postMs?: number;
}

export type RunOne = () => Promise<Sample>;

export interface ShapeDeps {
  readonly client: Pick<ClancyClient, 'runs'>;
  readonly temporal: Client;
  /** The employees whose skill is `inline` or a `child`. */
  readonly employees: { readonly inline: string; readonly child: string };
  /** A text that no other message has; the run posts it. */
  readonly nextText: () => string;
}

/** @throws Error (each of them) for a run that does not complete. */
export function createShapes(deps: ShapeDeps): { readonly [shape in Shape]: RunOne } {
  const { employees } = deps;
  return { floor: floorShape(deps), inline: () => ourRun(deps, employees.inline), child: () => ourRun(deps, employees.child) };
}

/** Started straight at Temporal: the floor takes orders from nobody and remembers none. */
function floorShape({ temporal, nextText }: ShapeDeps): RunOne {
  let calls = 0;
  return async () => {
    calls += 1;
    const workflowId = `bench-floor-${calls}`;
    const orderedMs = performance.now();
    await temporal.workflow.execute<typeof floorRun>('floorRun', {
      workflowId,
      taskQueue: FLOOR_QUEUE,
      // As our runs in development: what an overloaded machine loses is tried again soon.
      workflowTaskTimeout: '2 seconds',
      args: [{ text: nextText(), n: calls }],
    });
    return { workflowId, runMs: performance.now() - orderedMs };
  };
}

async function ourRun({ client, temporal, nextText }: ShapeDeps, employeeId: string): Promise<Sample> {
  const orderedMs = performance.now();
  const { run_id: runId } = await client.runs.start(employeeId, { text: nextText() });
  const postMs = performance.now() - orderedMs;
  const result = await resultOf(temporal, runId);
  const runMs = performance.now() - orderedMs;
  if (result.status !== 'completed') throw new Error(`${runId} ended ${result.status}: ${result.error ?? 'no reason given'}`);
  return { workflowId: runId, runMs, postMs };
}
