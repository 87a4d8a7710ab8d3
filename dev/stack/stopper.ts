interface Stoppable {
  stop(): Promise<unknown>;
}

/** Remembers what was started and ends it in the opposite order, each once, whatever the others do. */
export function createStopper(): { add<T extends Stoppable>(part: T): T; stopAll(): Promise<void> } {
  const parts: Stoppable[] = [];
  return {
    add(part) {
      parts.push(part);
      return part;
    },
    async stopAll() {
      const failures: unknown[] = [];
      for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
        await part.stop().catch((error: unknown) => failures.push(error));
      }
      if (failures.length > 0) throw new AggregateError(failures, 'a part of the stack did not stop');
    },
  };
}
