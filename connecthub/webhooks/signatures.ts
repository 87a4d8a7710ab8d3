import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/** How far a signed time may lie from ours, before and after: Slack's and Stripe's own recommendation. */
const WINDOW_SECONDS = 300;

/** HMAC-SHA256 of the parts, one behind the other. */
export function hmacSha256(secret: string, ...parts: readonly (string | Buffer)[]): Buffer {
  const hmac = createHmac('sha256', secret);
  for (const part of parts) hmac.update(part);
  return hmac.digest();
}

/**
 * Whether one of the secrets makes one of the signatures. Each is compared in constant time and none is left out, so that
 * the time tells nothing. An empty secret makes none: whoever knows that there is none could sign with it.
 */
export function isSignedWith(secrets: readonly string[], sign: (secret: string) => Buffer, given: readonly Buffer[]): boolean {
  let isSigned = false;
  for (const secret of secrets) {
    if (secret === '') continue;
    const expected = sign(secret);
    for (const signature of given) {
      if (signature.length === expected.length && timingSafeEqual(signature, expected)) isSigned = true;
    }
  }
  return isSigned;
}

/** A SHA-256 in hexadecimal digits; nothing else is a signature. */
export function hexSignature(text: string | undefined): Buffer[] {
  return /^[0-9a-f]{64}$/.test(text ?? '') ? [Buffer.from(text ?? '', 'hex')] : [];
}

/** Whether a Unix time as text lies within the window. */
export function isTimely(seconds: string | undefined, nowMs: number): boolean {
  return /^\d{1,12}$/.test(seconds ?? '') && Math.abs(Number(seconds) - nowMs / 1_000) <= WINDOW_SECONDS;
}

/** An id or fingerprint out of signed bytes. */
export function digestOf(...parts: readonly (string | Buffer)[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}
