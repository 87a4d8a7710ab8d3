import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url: 43 characters, as a PKCE verifier must have at least (RFC 7636, 4.1). */
export function randomText(): string {
  return randomBytes(32).toString('base64url');
}

export function isRandomText(text: string | undefined): text is string {
  return /^[A-Za-z0-9_-]{43}$/.test(text ?? '');
}

/** How codes, states and cookies are stored: who reads the table cannot use them. */
export function hashOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** RFC 7636, 4.2: S256. */
export function challengeOf(verifier: string): string {
  return createHash('sha256').update(verifier).digest('base64url');
}
