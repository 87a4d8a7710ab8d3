import { createHmac } from 'node:crypto';

/** HMAC-SHA256 keys shorter than the digest weaken it: RFC 2104, section 3. */
const MIN_KEY_BYTES = 32;

/**
 * The value of the PostgreSQL setting `app.org`: `org|expiry|hex(HMAC-SHA256(key, "org|expiry"))`, expiry in
 * seconds since the epoch, rounded up. Row-level security verifies it, so injected SQL cannot choose an organisation.
 */
export function signOrgContext(key: Buffer, orgId: string, ttlMs: number, nowMs: number): string {
  if (key.length < MIN_KEY_BYTES) throw new RangeError(`the organisation context key needs ${MIN_KEY_BYTES} bytes`);
  if (!/^[A-Za-z0-9_-]+$/.test(orgId)) throw new RangeError('not an organisation id');
  const signed = `${orgId}|${Math.ceil((nowMs + ttlMs) / 1000)}`;
  return `${signed}|${createHmac('sha256', key).update(signed).digest('hex')}`;
}

/** Far more than any transaction takes and any two clocks differ; compared with the transaction's start. */
const TTL_MS = 5 * 60_000;
/** A context is signed anew while most of its time is left. */
const KEEP_MS = 60_000;
const MAX_ORGANISATIONS = 1_000;

/** Signs for each organisation once a minute: what is signed names it and a time, and is the same for all its transactions. */
export function createOrgContextSigner(key: Buffer, now: () => number = Date.now): (orgId: string) => string {
  const signed = new Map<string, { readonly context: string; readonly atMs: number }>();
  return (orgId) => {
    const known = signed.get(orgId);
    const nowMs = now();
    // A clock that was set back must not keep a context for longer.
    if (known && nowMs >= known.atMs && nowMs < known.atMs + KEEP_MS) return known.context;
    const context = signOrgContext(key, orgId, TTL_MS, nowMs);
    signed.delete(orgId);
    signed.set(orgId, { context, atMs: nowMs });
    const oldest = signed.keys().next();
    if (signed.size > MAX_ORGANISATIONS && !oldest.done) signed.delete(oldest.value);
    return context;
  };
}
