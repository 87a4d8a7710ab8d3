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
