import { setTimeout as sleep } from 'node:timers/promises';

/** Waits, until the signal at the longest. */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  await sleep(ms, undefined, { signal }).catch(() => undefined);
}
