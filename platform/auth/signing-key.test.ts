import { generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { parsePublicJwks, parseSigningKey, publicJwks } from './signing-key.ts';

function newJwk(): Record<string, string | undefined> {
  const { kty, crv, x, d } = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  return { kty, crv, x, d };
}

test('the published key set never holds a private half', () => {
  const current = parseSigningKey(JSON.stringify(newJwk()));
  const jwks = publicJwks(current);
  expect(JSON.stringify(jwks)).not.toContain(current.d);
  expect(parsePublicJwks(JSON.stringify(jwks))).toEqual(jwks);
});

test('earlier keys stay published behind the one in use, once each', () => {
  const [old, current] = [parseSigningKey(JSON.stringify(newJwk())), parseSigningKey(JSON.stringify(newJwk()))];
  const kids = publicJwks(current, [...publicJwks(old).keys, ...publicJwks(current).keys]).keys.map((key) => key.kid);
  expect(kids).toEqual([current.kid, old.kid]);
});

test('the key id is the RFC 7638 thumbprint of RFC 8037, appendix A.3', () => {
  const jwk = {
    kty: 'OKP',
    crv: 'Ed25519',
    d: 'nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A',
    x: '11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo',
  };
  expect(parseSigningKey(JSON.stringify(jwk)).kid).toBe('kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k');
});

test.each([
  ['text that is no JSON', 'secret'],
  ['a public key', JSON.stringify({ ...newJwk(), d: undefined })],
  ['an RSA key', JSON.stringify({ kty: 'RSA', n: 'AQAB', e: 'AQAB', d: 'AQAB' })],
  ['halves that do not belong together', JSON.stringify({ ...newJwk(), x: newJwk()['x'] })],
])('%s is no signing key, and the error does not repeat it', (_name, text) => {
  expect(() => parseSigningKey(text)).toThrow(/^the signing key is not an Ed25519 private JWK$/);
});

test('a private key in place of the public key set is refused', () => {
  expect(() => parsePublicJwks(JSON.stringify({ keys: [newJwk()] }))).toThrow(/^not a JWKS/);
});
