import { Context } from '@temporalio/activity';

/** Several per heartbeat time-out (workflows/activity-options.ts), so that one late beat ends nothing. */
const BEAT_EVERY_MS = 1_500;

/**
 * Heartbeats until `work` ends. The server's time-out begins with the activity itself, so the first one comes after a
 * pause: most calls end before it, and each would cost the server a write. Local activities have none: theirs go nowhere.
 */
export async function withHeartbeats<T>(details: { phase: string }, work: () => Promise<T>): Promise<T> {
  const context = Context.current();
  if (context.info.isLocal) return work();
  const beat = (): void => context.heartbeat(details);
  const timer = setInterval(beat, BEAT_EVERY_MS);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}
