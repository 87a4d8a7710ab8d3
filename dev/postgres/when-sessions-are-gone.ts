import { setTimeout as delay } from 'node:timers/promises';
import { ChildFailedError } from '../processes/spawn-child.ts';

const retryForMs = 30_000;

/**
 * Starts the server, again and again while sessions of its killed predecessor are still computing: they notice
 * its death only when they next wait for something, and until then PostgreSQL protects their shared memory.
 */
export async function whenSessionsAreGone<T>(start: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + retryForMs;
  for (;;) {
    try {
      return await start();
    } catch (error) {
      const isBlocked = error instanceof ChildFailedError && error.message.includes('pre-existing shared memory block');
      if (!isBlocked || performance.now() > deadline) throw error;
      await delay(100);
    }
  }
}
