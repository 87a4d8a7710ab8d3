interface Stoppable {
  stop(): Promise<unknown>;
}

/**
 * Remembers what was started and ends it in the opposite order, each once, whatever the others do. A part that is added
 * after the end, because its start was under way, is ended at once.
 */
export interface Stopper {
  add<T extends Stoppable>(part: T): T;
  stopAll(): Promise<void>;
  /** Resolves when the parts that came too late have ended too. */
  settled(): Promise<void>;
}

export function createStopper(): Stopper {
  const parts: Stoppable[] = [];
  const late: Promise<unknown>[] = [];
  let isClosed = false;
  return {
    add(part) {
      if (isClosed) late.push(part.stop().catch(() => undefined));
      else parts.push(part);
      return part;
    },
    async settled() {
      await Promise.all(late);
    },
    async stopAll() {
      isClosed = true;
      const failures: unknown[] = [];
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        await part.stop().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'a part of the stack did not stop');
    },
  };
}
