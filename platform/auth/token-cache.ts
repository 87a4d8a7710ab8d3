/** A token and when the issuer says that it ends. */
export type IssuedToken = { readonly accessToken: string; readonly expiresAtMs: number };

export type TokenCache = {
  /** The token under this key, asked for with `request` where none is at hand. Rejects as `request` does. */
  readonly get: (key: string, request: () => Promise<IssuedToken>) => Promise<IssuedToken>;
};

export type TokenCacheOptions = {
  readonly now?: () => number;
  /** 0 to 1: spreads the refreshes of many processes. */
  readonly random?: () => number;
  readonly maxEntries?: number;
};

type Entry = { token: IssuedToken; refreshAtMs: number };

const MAX_ENTRIES = 10_000;
/** A token this close to its end may not survive the request that carries it. */
const SAFETY_MS = 10_000;
/** Shortest time between two refreshes that fail while the old token still serves. */
const RETRY_MS = 5_000;

/**
 * Keeps tokens until about three quarters of their life (70 to 80 %), one request per key at a time. From then to
 * the end the old token serves while a new one is asked for, so a pause of the issuer is not felt.
 * The key must name everything that shapes the token: client, scopes and metadata (CVE-2025-26620).
 */
export function createTokenCache(options: TokenCacheOptions = {}): TokenCache {
  const { now = Date.now, random = Math.random, maxEntries = MAX_ENTRIES } = options;
  const entries = new Map<string, Entry>();
  const inFlight = new Map<string, Promise<IssuedToken>>();

  function keep(key: string, token: IssuedToken): IssuedToken {
    const lifeMs = token.expiresAtMs - now();
    entries.delete(key);
    entries.set(key, { token, refreshAtMs: now() + lifeMs * (0.7 + 0.1 * random()) });
    const oldest = entries.keys().next();
    if (entries.size > maxEntries && !oldest.done) entries.delete(oldest.value);
    return token;
  }

  function refresh(key: string, request: () => Promise<IssuedToken>): Promise<IssuedToken> {
    const running = inFlight.get(key);
    if (running) return running;
    const started = request()
      .then((token) => keep(key, token))
      .finally(() => inFlight.delete(key));
    inFlight.set(key, started);
    return started;
  }

  return {
    get: async (key, request) => {
      const entry = entries.get(key);
      if (entry === undefined || entry.token.expiresAtMs - SAFETY_MS <= now()) return refresh(key, request);
      if (entry.refreshAtMs <= now()) {
        entry.refreshAtMs = now() + RETRY_MS;
        // The old token still serves; whoever needs a new one hears of the failure.
        refresh(key, request).catch(() => undefined);
      }
      return entry.token;
    },
  };
}
