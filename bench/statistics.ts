/** Milliseconds: half of the samples, and all but one in a hundred, took no longer. */
export interface Spread {
  readonly p50_ms: number;
  readonly p99_ms: number;
}

/**
 * The nearest rank: the smallest sample that at least `percent` per cent of the samples do not exceed. Always a sample
 * that was measured, never a value between two.
 *
 * @throws RangeError without samples, or for a percentage outside (0, 100].
 */
export function percentile(samples: readonly number[], percent: number): number {
  if (!(percent > 0 && percent <= 100)) throw new RangeError(`no percentile ${percent}`);
  const sorted = samples.toSorted((a, b) => a - b);
  const value = sorted[Math.ceil((percent * sorted.length) / 100) - 1];
  if (value === undefined) throw new RangeError('a percentile needs samples');
  return value;
}

/** @throws RangeError without samples. */
export function spreadOf(samplesMs: readonly number[]): Spread {
  return { p50_ms: percentile(samplesMs, 50), p99_ms: percentile(samplesMs, 99) };
}
