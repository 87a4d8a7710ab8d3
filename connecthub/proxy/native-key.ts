import { createHash } from 'node:crypto';

const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567';

/**
 * What marks an effect as ours at the provider, and what providers with idempotency keys get as theirs: 32 characters
 * of base32 (RFC 4648, lower case) of SHA-256 of organisation and call id. Call ids are longer than providers allow.
 */
export function nativeKey(orgId: string, callId: string): string {
  const hash = createHash('sha256').update(`${orgId}\n${callId}`).digest();
  return Array.from({ length: 32 }, (_, index) => BASE32.charAt(fiveBits(hash, index * 5))).join('');
}

function fiveBits(bytes: Buffer, offset: number): number {
  const first = bytes[offset >> 3] ?? 0;
  const second = bytes[(offset >> 3) + 1] ?? 0;
  return (((first << 8) | second) >> (11 - (offset & 7))) & 31;
}
