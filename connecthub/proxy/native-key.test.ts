import { createHash } from 'node:crypto';
import { expect, it } from 'vitest';
import { nativeKey } from './native-key.ts';

it('a native key is the first 32 base32 characters of SHA-256 of organisation and call id', () => {
  const bits = [...createHash('sha256').update('org_a\ncall').digest()].map((byte) => byte.toString(2).padStart(8, '0')).join('');
  const expected = (bits.match(/.{5}/g) ?? [])
    .slice(0, 32)
    .map((five) => 'abcdefghijklmnopqrstuvwxyz234567'.charAt(Number.parseInt(five, 2)));
  expect(nativeKey('org_a', 'call')).toBe(expected.join(''));
});

it('organisation and call id cannot be cut otherwise', () => {
  expect(nativeKey('org_a', 'b')).not.toBe(nativeKey('org_ab', ''));
});
