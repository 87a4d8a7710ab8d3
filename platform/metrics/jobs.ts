import type { Metrics } from './metrics.ts';

/** Told after each round of a loop that came to its end. */
export type JobDone = (job: string) => void;

/** When the loops of a process last did their work: one that hangs or fails shows by its age. `job` is Prometheus' own label. */
export function jobMetrics(metrics: Metrics, jobs: readonly string[]): JobDone {
  const done = metrics.gauge({
    name: 'clancy_loop_last_success_timestamp_seconds',
    help: 'When a round of a loop of this process last came to its end, in seconds since 1970.',
    labels: { loop: jobs },
  });
  return (loop) => done.set({ loop }, Date.now() / 1_000);
}
