import { KidNotFoundInJwksError, WaitPeriodNotYetEndedJwkError } from 'aws-jwt-verify/error';
import { SimpleJwksCache } from 'aws-jwt-verify/jwk';
import type { JwksCache } from 'aws-jwt-verify/jwk';

export type JwksCacheOptions = {
  /** Reads the bytes behind a JWKS address. */
  readonly fetchJwks: (uri: string) => Promise<ArrayBuffer>;
  readonly now?: () => number;
  /** Age after which keys are read again, so that a retired one stops working. */
  readonly maxAgeMs?: number;
  /** Shortest time between two background reads. */
  readonly retryMs?: number;
};

const MAX_AGE_MS = 10 * 60_000;
const RETRY_MS = 30_000;

/**
 * The library's cache (one fetch for many callers; after an unknown `kid` none for ten seconds) that also ages:
 * old keys are served while they are read again in the background, and go on being served while the issuer is away.
 */
export function createJwksCache(options: JwksCacheOptions): JwksCache {
  const { now = Date.now, maxAgeMs = MAX_AGE_MS, retryMs = RETRY_MS } = options;
  const inner = new SimpleJwksCache({ fetcher: { fetch: async (uri) => options.fetchJwks(uri) } });
  const readAgainAt = new Map<string, number>();

  async function read(uri: string) {
    readAgainAt.set(uri, now() + retryMs);
    const jwks = await inner.getJwks(uri);
    readAgainAt.set(uri, now() + maxAgeMs);
    return jwks;
  }

  return {
    getCachedJwk: (uri, jwt) => inner.getCachedJwk(uri, jwt),
    addJwks: (uri, jwks) => inner.addJwks(uri, jwks),
    getJwks: read,
    getJwk: async (uri, jwt) => {
      const due = readAgainAt.get(uri);
      // A failed background read changes nothing: the keys at hand stay in use until the next one.
      if (due !== undefined && due <= now()) read(uri).catch(() => undefined);
      const jwk = await inner.getJwk(uri, jwt);
      if (due === undefined) readAgainAt.set(uri, now() + maxAgeMs);
      return jwk;
    },
  };
}

/** Whether the key set is at hand and does not hold the key (or did not a moment ago), as opposed to not being readable. */
export function isUnknownKey(error: unknown): boolean {
  return error instanceof KidNotFoundInJwksError || error instanceof WaitPeriodNotYetEndedJwkError;
}

/** Long enough for any issuer that is up. */
const FETCH_TIMEOUT_MS = 3_000;

/** Reads a JWKS over HTTP without following redirects. */
export async function fetchJwksBytes(url: string, headers: Record<string, string> = {}): Promise<ArrayBuffer> {
  const response = await fetch(url, { headers, redirect: 'error', signal: AbortSignal.timeout(FETCH_TIMEOUT_MS) });
  if (!response.ok) throw new Error(`the key set answered ${response.status}`);
  return response.arrayBuffer();
}
