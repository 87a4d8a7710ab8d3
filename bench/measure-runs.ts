import type { Client } from '@temporalio/client';
import type { ClancyClient } from '../cli/client/clancy-client.ts';
import { inParallel } from './in-parallel.ts';
import { resultOf } from './run-result.ts';
import { spreadOf, type Spread } from './statistics.ts';

export interface RunFigures {
  readonly at_a_time: number;
  readonly runs: number;
  /** Started and ended, over the time of all of them. */
  readonly runs_per_second: number;
  /** From the request to its 202. */
  readonly post: Spread;
  /** From the 202 to the workflow's result. */
  readonly result: Spread;
}

export interface RunDeps {
  readonly client: Pick<ClancyClient, 'runs'>;
  readonly temporal: Client;
  readonly employeeId: string;
  /** A text that no other message has; the run posts it. */
  readonly nextText: () => string;
}

/**
 * Starts `count` runs through the API, `atATime` at a time, and waits for each one's result.
 * @throws Error at the first run that does not complete.
 */
export async function measureRuns(deps: RunDeps, count: number, atATime: number): Promise<RunFigures> {
  const beganMs = performance.now();
  const samples = await inParallel(count, atATime, () => oneRun(deps));
  const elapsedMs = performance.now() - beganMs;
  return {
    at_a_time: atATime,
    runs: count,
    runs_per_second: (count * 1_000) / elapsedMs,
    post: spreadOf(samples.map(({ postMs }) => postMs)),
    result: spreadOf(samples.map(({ resultMs }) => resultMs)),
  };
}

async function oneRun({ client, temporal, employeeId, nextText }: RunDeps): Promise<{ postMs: number; resultMs: number }> {
  const askedMs = performance.now();
  const { run_id: runId } = await client.runs.start(employeeId, { text: nextText() });
  const acceptedMs = performance.now();
  const result = await resultOf(temporal, runId);
  const endedMs = performance.now();
  if (result.status !== 'completed') throw new Error(`${runId} ended ${result.status}: ${result.error ?? 'no reason given'}`);
  return { postMs: acceptedMs - askedMs, resultMs: endedMs - acceptedMs };
}
