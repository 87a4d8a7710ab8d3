import type { Child } from '../processes/spawn-child.ts';

/** A process that the stack rests on, such as PostgreSQL or the worker. */
export type WatchedPart = Pick<Child, 'name' | 'logFile' | 'waitForExit'>;

/** Tells in one line of each part that ends by itself, and what to do then. `end` it before the parts are stopped. */
export function watchParts(parts: readonly WatchedPart[], tell: (message: string) => void): { end(): void } {
  let isWatching = true;
  async function watch(part: WatchedPart): Promise<void> {
    const { signal, code } = await part.waitForExit();
    if (!isWatching) return;
    const how = signal ?? `exit code ${code}`;
    tell(`${part.name} has ended (${how}). Its log is ${part.logFile}; Ctrl-C and start again.`);
  }
  for (const part of parts) void watch(part);
  return {
    end: () => {
      isWatching = false;
    },
  };
}
