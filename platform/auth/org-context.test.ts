import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createOrgContextSigner, signOrgContext } from './org-context.ts';

const key = randomBytes(32);

test('the setting is the organisation, the expiry in seconds and the HMAC over both', () => {
  const mac = createHmac('sha256', key).update('org_a|1030').digest('hex');
  expect(signOrgContext(key, 'org_a', 30_000, 1_000_000)).toBe(`org_a|1030|${mac}`);
});

test('a fraction of a second never shortens the time', () => {
  expect(signOrgContext(key, 'org_a', 1, 1_000_000).split('|')[1]).toBe('1001');
});

test.each(['', 'org_a|9999999999', 'org a', "org_a'"])('%j is no organisation id', (orgId) => {
  expect(() => signOrgContext(key, orgId, 1000, 0)).toThrow(RangeError);
});

test('a short key is refused', () => {
  expect(() => signOrgContext(randomBytes(16), 'org_a', 1000, 0)).toThrow(RangeError);
});

test('an organisation is signed for once a minute, each of them for itself', () => {
  let nowMs = 1_000_000;
  const sign = createOrgContextSigner(key, () => nowMs);
  const first = sign('org_a');
  expect(first).toBe(signOrgContext(key, 'org_a', 300_000, nowMs));
  expect(sign('org_b')).toBe(signOrgContext(key, 'org_b', 300_000, nowMs));
  nowMs += 59_999;
  expect(sign('org_a')).toBe(first);
  nowMs += 1;
  expect(sign('org_a')).toBe(signOrgContext(key, 'org_a', 300_000, nowMs));
  nowMs -= 120_000;
  expect(sign('org_a')).toBe(signOrgContext(key, 'org_a', 300_000, nowMs));
});
