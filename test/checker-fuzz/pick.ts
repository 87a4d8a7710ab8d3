import fc from 'fast-check';

/** Choices of a random graph. Those of fast-check shrink to the first of each. */
export interface Pick {
  /** From `from` to `to`, both included. */
  number(from: number, to: number): number;
  /** True once in so many times. */
  oneIn(times: number): boolean;
  of<T>(values: readonly [T, ...T[]]): T;
}

/** Random choices within a property: `fc.property(picks(), (pick) => ...)`. */
export function picks(): fc.Arbitrary<Pick> {
  return fc.gen().map((choose) => {
    const number = (from: number, to: number): number => choose(fc.integer, { min: from, max: to });
    const of = <T>(values: readonly [T, ...T[]]): T => values[number(0, values.length - 1)] ?? values[0];
    return { number, oneIn: (times) => number(1, times) === times, of };
  });
}

/** Undefined where there is nothing to choose from. */
export function oneOf<T>(pick: Pick, values: readonly T[]): T | undefined {
  const [first, ...others] = values;
  return first === undefined ? undefined : pick.of([first, ...others]);
}
