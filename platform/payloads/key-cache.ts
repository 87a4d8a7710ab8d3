export interface KeyCacheOptions {
  /** Entries at most; the oldest goes first. */
  maxEntries?: number;
  /** How long an entry is used without asking again: a rotated key is met after this time. */
  freshMs?: number;
  /** How long an entry still serves when asking again fails: runs go on while Agent-Core restarts. */
  staleMs?: number;
  now?: () => number;
  /** Told how each lookup was answered. */
  onLookup?: (lookup: KeyLookup) => void;
}

/** At hand, asked for, used although asking again failed, not to be had. */
export const KEY_LOOKUPS = ['hit', 'miss', 'stale', 'error'] as const;
export type KeyLookup = (typeof KEY_LOOKUPS)[number];

export interface KeyCache<T> {
  /** What is known under the name, or what `ask` finds; undefined is not kept. Many who ask at once are one question. */
  get(name: string, ask: () => Promise<T | undefined>): Promise<T | undefined>;
}

const MAX_ENTRIES = 10_000;
const FRESH_MS = 5 * 60_000;
const STALE_MS = 60 * 60_000;

/** Keys in memory, bounded in number and time. */
export function createKeyCache<T>(options: KeyCacheOptions = {}): KeyCache<T> {
  const { maxEntries = MAX_ENTRIES, freshMs = FRESH_MS, staleMs = STALE_MS, now = Date.now, onLookup } = options;
  const entries = new Map<string, { value: T; atMs: number }>();
  const asked = new Map<string, Promise<T | undefined>>();

  async function askOnce(name: string, ask: () => Promise<T | undefined>): Promise<T | undefined> {
    try {
      const value = await ask();
      onLookup?.('miss');
      entries.delete(name);
      if (value !== undefined) entries.set(name, { value, atMs: now() });
      const oldest = entries.keys().next();
      if (entries.size > maxEntries && !oldest.done) entries.delete(oldest.value);
      return value;
    } catch (error) {
      const known = entries.get(name);
      const isOfUse = known !== undefined && now() - known.atMs < staleMs;
      onLookup?.(isOfUse ? 'stale' : 'error');
      if (isOfUse) return known.value;
      throw error;
    } finally {
      asked.delete(name);
    }
  }

  return {
    get: async (name, ask) => {
      const known = entries.get(name);
      if (known && now() - known.atMs < freshMs) {
        onLookup?.('hit');
        return known.value;
      }
      const asking = asked.get(name) ?? askOnce(name, ask);
      asked.set(name, asking);
      return asking;
    },
  };
}
