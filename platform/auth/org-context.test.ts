import { createHmac, randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { signOrgContext } from './org-context.ts';

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
