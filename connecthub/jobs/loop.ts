import type { Logger } from '../../platform/logger.ts';

export interface Loop {
  /** Ends after the round at hand. */
  stop(): Promise<void>;
}

/** Runs `work` again and again with a pause between rounds. A round that fails is logged; the next one comes. */
export function startLoop(options: {
  name: string;
  intervalMs: number;
  work: () => Promise<unknown>;
  logger: Logger;
  /** Told of each round that did not fail. */
  onDone: (name: string) => void;
}): Loop {
  const { name, intervalMs, work, logger, onDone } = options;
  const stopping = new AbortController();
  let wake: () => void = () => undefined;
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, intervalMs);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const run = async (): Promise<void> => {
    while (!stopping.signal.aborted) {
      await work().then(
        () => onDone(name),
        (error: unknown) => logger.warn({ err: error, job: name }, 'a round of a job failed'),
      );
      if (!stopping.signal.aborted) await pause();
    }
  };
  const running = run();
  return {
    stop: async () => {
      stopping.abort();
      wake();
      await running;
    },
  };
}
