import { setTimeout as sleep } from 'node:timers/promises';

/** How patiently something is asked for again: the delay doubles from the first to the longest. */
export interface Patience {
  readonly attempts: number;
  readonly firstDelayMs: number;
  readonly longestDelayMs: number;
}

/** About half a minute: longer than a copy of the API takes to be replaced. */
export const DEFAULT_PATIENCE: Patience = { attempts: 10, firstDelayMs: 250, longestDelayMs: 5_000 };

export async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  await sleep(ms, undefined, signal && { signal });
}
