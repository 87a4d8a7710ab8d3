export interface Slots {
  /** Runs `work` as soon as one of the slots is free, in the order of asking. */
  use<T>(work: () => Promise<T>): Promise<T>;
  /** How many works wait for one. */
  queued(): number;
}

/** Bounds how many works run at once, so that a time limit starts with the work and not with its place in a queue. */
export function createSlots(size: number): Slots {
  let free = size;
  const queue: (() => void)[] = [];
  return {
    queued: () => queue.length,
    async use(work) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => queue.push(resolve));
      try {
        return await work();
      } finally {
        const next = queue.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
