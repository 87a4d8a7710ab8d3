/** A documented limit, as it counts for one request. */
export interface CountedLimit {
  /** Unique within the account. */
  key: string;
  /** What the request takes of it. */
  units: number;
  most: number;
  perMs: number;
}

export interface RateLimiter {
  /** From now on the account's limits are enforced, or no longer. Off for every account until told. */
  enforce(team: string, isOn: boolean): void;
  /** Seconds to wait where one of the limits has no room, to the letter; a refused request takes nothing. */
  take(team: string, limits: readonly CountedLimit[]): number | undefined;
}

interface Taken {
  atMs: number;
  units: number;
}

/**
 * Counts in every stretch of a limit's length, wherever it begins: the strictest reading of "so many a minute", so that
 * whoever passes here passes at a provider that counts in any other way.
 */
export function createRateLimiter(now: () => number): RateLimiter {
  const enforced = new Set<string>();
  const taken = new Map<string, Taken[]>();
  return {
    enforce: (team, isOn) => void (isOn ? enforced.add(team) : enforced.delete(team)),
    take(team, limits) {
      if (!enforced.has(team)) return undefined;
      const nowMs = now();
      const windows = limits.map((limit) => ({ limit, window: windowOf(taken, `${team} ${limit.key}`, nowMs - limit.perMs) }));
      const full = windows.find(({ limit, window }) => sum(window) + limit.units > limit.most);
      if (full) return Math.max(1, Math.ceil(((full.window[0]?.atMs ?? nowMs) + full.limit.perMs - nowMs) / 1_000));
      for (const { limit, window } of windows) window.push({ atMs: nowMs, units: limit.units });
      return undefined;
    },
  };
}

function windowOf(taken: Map<string, Taken[]>, key: string, sinceMs: number): Taken[] {
  const window = (taken.get(key) ?? []).filter(({ atMs }) => atMs > sinceMs);
  taken.set(key, window);
  return window;
}

function sum(window: readonly Taken[]): number {
  return window.reduce((total, { units }) => total + units, 0);
}
