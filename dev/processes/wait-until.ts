import { setTimeout as delay } from 'node:timers/promises';

export interface WaitOptions {
  readonly timeoutMs: number;
  readonly everyMs?: number;
  /** Completes the sentence "waited 5000 ms for ...". */
  readonly what: string;
}

/**
 * Polls an observable condition and returns its first value that is neither false nor undefined.
 * A condition that throws counts as not yet met; its last error is the cause of the time-out's.
 */
export async function waitUntil<T>(
  condition: () => T | Promise<T>,
  options: WaitOptions,
): Promise<Exclude<T, false | undefined>> {
  const deadline = performance.now() + options.timeoutMs;
  let cause: unknown;
  for (;;) {
    try {
      const value = await condition();
      if (isMet(value)) return value;
    } catch (error) {
      cause = error;
    }
    if (performance.now() >= deadline) {
      throw new Error(`waited ${options.timeoutMs} ms for ${options.what}`, { cause });
    }
    await delay(options.everyMs ?? 25);
  }
}

function isMet<T>(value: T): value is Exclude<T, false | undefined> {
  return value !== false && value !== undefined;
}
