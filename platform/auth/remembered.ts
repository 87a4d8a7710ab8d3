import { hash } from 'node:crypto';
import { decodeJwt } from 'jose';

export type RememberOptions = {
  /** How long a retired key may still let a token through that it let through before. */
  readonly keepMs?: number;
  readonly maxEntries?: number;
  readonly now?: () => number;
};

const KEEP_MS = 60_000;
/** A ticket of 500 capabilities is read into some 20 KB. */
const MAX_ENTRIES = 1_000;

/**
 * A verifier that looks at the same token once in a while and not at each of its uses: what a verifier says of a token
 * rests on its bytes, on keys that hardly ever change, and on the time. Forgets each token at its expiry at the latest,
 * remembers no refusal, and keeps the SHA-256 of a token instead of the token. Whether its holder may (still) do
 * something is no matter of the token and is looked up at each use.
 */
export function remembered<T extends object>(
  verify: (token: string) => Promise<T>,
  options: RememberOptions = {},
): (token: string) => Promise<T> {
  const { keepMs = KEEP_MS, maxEntries = MAX_ENTRIES, now = Date.now } = options;
  const verified = new Map<string, { readonly said: T; readonly untilMs: number }>();

  return async (token) => {
    const key = hash('sha256', token, 'base64');
    const known = verified.get(key);
    if (known && known.untilMs > now()) return known.said;
    verified.delete(key);
    const said = await verify(token);
    const { exp = 0 } = decodeJwt(token);
    verified.set(key, { said, untilMs: Math.min(now() + keepMs, exp * 1000) });
    const oldest = verified.keys().next();
    if (verified.size > maxEntries && !oldest.done) verified.delete(oldest.value);
    return said;
  };
}
