import { pause } from './pause.ts';

export interface Loop {
  /** Works until `stop`, or until a round was the last. */
  run(): Promise<void>;
  /** Ends after what is at hand. */
  stop(): Promise<void>;
}

/** Work that comes round again after a pause. A round handles its own failures; `'last'` ends the loop. */
export function createLoop(intervalMs: number, round: (signal: AbortSignal) => Promise<'last' | void>): Loop {
  const stopping = new AbortController();
  let running: Promise<void> = Promise.resolve();

  async function loop(): Promise<void> {
    while (!stopping.signal.aborted) {
      if ((await round(stopping.signal)) === 'last') return;
      await pause(intervalMs, stopping.signal);
    }
  }
  return {
    run: () => (running = loop()),
    stop: async () => {
      stopping.abort();
      await running;
    },
  };
}
