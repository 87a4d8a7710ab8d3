/** How long calls take, of late. */
export interface Pace {
  add(ms: number): void;
  /** Over how long the beginnings of calls are spread, so that a kill at its end meets some at each point of their way. */
  spreadMs(): number;
}

const KEPT = 12;

export function createPace(): Pace {
  const seen: number[] = [];
  return {
    add: (ms) => {
      seen.push(ms);
      if (seen.length > KEPT) seen.shift();
    },
    spreadMs: () => seen.toSorted((a, b) => a - b)[Math.floor(seen.length / 2)] ?? 0,
  };
}
