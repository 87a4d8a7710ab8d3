import { createHash, randomBytes } from 'node:crypto';

/** 256 random bits in base64url. */
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
