import { setTimeout as delay } from 'node:timers/promises';
import { ClancyError } from '../contracts/errors.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 1_000;

export interface Patience {
  /** No attempt begins later than this after the first one. */
  forMs: number;
  /** Monotonic milliseconds. */
  now?: () => number;
  pause?: (ms: number) => Promise<unknown>;
}

/**
 * Repeats work that keeps what cannot be had a second time (a provider's answer, its new tokens) while the database is
 * away for a moment. The work must be harmless to repeat: a lost connection may have hidden its success.
 *
 * @throws what the work throws: at once where no repetition would help, else when the time is over
 */
export async function withPatience<T>(work: () => Promise<T>, patience: Patience): Promise<T> {
  const { forMs, now = () => performance.now(), pause = (ms) => delay(ms) } = patience;
  const endsAtMs = now() + forMs;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(2 * pauseMs, LONGEST_PAUSE_MS)) {
    try {
      return await work();
    } catch (error) {
      const isPassing = error instanceof ClancyError && error.code === 'dependency_unavailable';
      if (!isPassing || now() + pauseMs > endsAtMs) throw error;
      await pause(pauseMs);
    }
  }
}
