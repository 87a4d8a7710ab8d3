import { expect, it } from 'vitest';
import { parsePublicJwks, parseSigningKey } from '../auth/signing-key.ts';
import { makeInstallationSecrets, makeNextSigningKey } from './installation-secrets.ts';

const kidsOf = (jwks: string | undefined): string[] => parsePublicJwks(jwks ?? '').keys.map(({ kid }) => kid);

it('puts the next signing key before those whose tickets are out, time after time', () => {
  const first = makeInstallationSecrets();
  const second = makeNextSigningKey(first['RUN_TICKET_JWKS'] ?? '');
  const third = makeNextSigningKey(second['RUN_TICKET_JWKS'] ?? '');
  const kids = [third, second, first].map(({ SIGNING_KEY: key }) => parseSigningKey(key ?? '').kid);
  expect(new Set(kids).size).toBe(3);
  expect(kidsOf(third['RUN_TICKET_JWKS'])).toEqual(kids);
  expect(kidsOf(third['PREVIOUS_TICKET_JWKS'])).toEqual(kids.slice(1));
});

it('refuses a private key where the public ones belong', () => {
  expect(() => makeNextSigningKey(makeInstallationSecrets()['SIGNING_KEY'] ?? '')).toThrow('not a JWKS');
});
