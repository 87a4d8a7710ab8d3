/** The calls of a run, handed to its skills in slices. What a skill leaves of its slice goes back when it ends. */
export interface CallBudget {
  /** Takes an equal share for one of `count` skills that start now; 0 = nothing is free before another skill ends. */
  take(count: number): number;
  giveBack(slice: number, used: number): void;
}

export function createCallBudget(maxCalls: number): CallBudget {
  let free = maxCalls;
  return {
    take(count) {
      const slice = Math.min(free, Math.max(1, Math.floor(free / count)));
      free -= slice;
      return slice;
    },
    giveBack(slice, used) {
      free += slice - used;
    },
  };
}
