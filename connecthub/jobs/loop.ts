import type { Logger } from '../../platform/logger.ts';
import { createLoop } from '../../platform/loop.ts';

/** Runs `work` again and again with a pause between rounds. A round that fails is logged; the next one comes. */
export function startLoop(options: {
  name: string;
  intervalMs: number;
  work: () => Promise<unknown>;
  logger: Logger;
  /** Told of each round that did not fail. */
  onDone: (name: string) => void;
}): { stop(): Promise<void> } {
  const { name, intervalMs, work, logger, onDone } = options;
  const loop = createLoop(intervalMs, () =>
    work().then(
      () => onDone(name),
      (error: unknown) => logger.warn({ err: error, job: name }, 'a round of a job failed'),
    ),
  );
  void loop.run();
  return loop;
}
