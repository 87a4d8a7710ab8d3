import { generateKeyPairSync } from 'node:crypto';
import { exportSPKI, importJWK, SignJWT, UnsecuredJWT } from 'jose';
import type { JWTHeaderParameters } from 'jose';
import { expect, test } from 'vitest';
import { createRunTicketVerifier, RUN_TICKET_LIFETIME_SECONDS, signRunTicket } from './run-ticket.ts';
import type { RunTicketClaims } from './run-ticket.ts';
import { signAgentAssertion } from './agent-assertion.ts';
import { parseSigningKey, publicJwks } from './signing-key.ts';
import type { SigningJwk } from './signing-key.ts';

const newKey = () => parseSigningKey(JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
const key = newKey();
const verify = createRunTicketVerifier(publicJwks(key));
const nowSeconds = Math.floor(Date.now() / 1000);

const claims: RunTicketClaims = {
  orgId: 'org_a',
  employeeId: '0123456789abcdefghjkmnpqrs',
  employeeVersion: 3,
  runId: 'emp:0123456789abcdefghjkmnpqrs_v3:2025-06-09T18:00Z',
  callScope: 'emp:0123456789abcdefghjkmnpqrs_v3:2025-06-09T18:00Z',
  planHash: 'sha256:abc',
  capabilities: ['slack/slack.read', 'slack/slack.post'],
  initiator: { type: 'person', id: 'user_ada' },
  mode: 'live',
};

const wire = {
  iss: 'agent-core',
  aud: 'clancy-run',
  iat: nowSeconds,
  exp: nowSeconds + 60,
  org_id: claims.orgId,
  employee_id: claims.employeeId,
  employee_version: 3,
  run_id: claims.runId,
  call_scope: claims.callScope,
  plan_hash: claims.planHash,
  capabilities: claims.capabilities,
  initiator: claims.initiator,
  mode: claims.mode,
};

async function forge(change: object, header: object = {}, signer: SigningJwk = key): Promise<string> {
  const protectedHeader: JWTHeaderParameters = { alg: 'EdDSA', kid: key.kid, typ: 'run-ticket+jwt', ...header };
  return new SignJWT({ ...wire, ...change }).setProtectedHeader(protectedHeader).sign(await importJWK(signer, 'EdDSA'));
}

test('a signed ticket comes back as it was said, for 90 days', async () => {
  const ticket = await verify(await signRunTicket(key, claims));
  const { issuedAtMs, expiresAtMs, ...said } = ticket;
  expect(said).toEqual(claims);
  expect(expiresAtMs - issuedAtMs).toBe(RUN_TICKET_LIFETIME_SECONDS * 1000);
});

test('a ticket signed with the key before the last rotation still verifies', async () => {
  const next = newKey();
  const rotated = createRunTicketVerifier(publicJwks(next, publicJwks(key).keys));
  expect((await rotated(await signRunTicket(key, claims))).runId).toBe(claims.runId);
});

test('claims that the verifier would refuse are not signed', async () => {
  await expect(signRunTicket(key, { ...claims, capabilities: ['slack/*'] })).rejects.toThrow(/capabilities/);
});

test('the base of the forgeries is itself a good ticket', async () => {
  expect((await verify(await forge({}))).orgId).toBe('org_a');
});

const stranger = newKey();
test.each<[string, string, () => Promise<string>]>([
  ['has expired', 'expired', () => forge({ iat: nowSeconds - 700, exp: nowSeconds - 600 })],
  ['has no expiry', 'claims', () => forge({ exp: undefined })],
  ['was issued in the future', 'not_yet_valid', () => forge({ iat: nowSeconds + 600, exp: nowSeconds + 900 })],
  ['is not valid yet', 'not_yet_valid', () => forge({ nbf: nowSeconds + 600 })],
  ['is for another audience', 'audience', () => forge({ aud: 'cognito-trigger' })],
  ['comes from another issuer', 'issuer', () => forge({ iss: 'worker' })],
  ['has another type', 'header', () => forge({}, { typ: 'JWT' })],
  ['has no type', 'header', () => forge({}, { typ: undefined })],
  ['has no key id', 'unknown_key', () => forge({}, { kid: undefined })],
  ['names an unknown key', 'unknown_key', () => forge({}, { kid: 'other' })],
  ['is signed by a stranger under our key id', 'signature', () => forge({}, {}, stranger)],
  ['brings its own key', 'signature', () => forge({}, { jwk: publicJwks(stranger).keys[0] }, stranger)],
  ['brings a URL of keys', 'signature', () => forge({}, { jku: 'https://evil.example/jwks' }, stranger)],
  ['has a claim that we do not know', 'claims', () => forge({ admin: true })],
  ['lacks a claim', 'claims', () => forge({ plan_hash: undefined })],
  ['has a wildcard capability', 'claims', () => forge({ capabilities: ['slack/*'] })],
  ['has a capability twice', 'claims', () => forge({ capabilities: ['slack/slack.post', 'slack/slack.post'] })],
  ['has an unknown mode', 'claims', () => forge({ mode: 'LIVE' })],
  [
    'is an agent assertion',
    'header',
    () => signAgentAssertion(key, { client_id: 'c1', org_id: 'org_a', agent_id: claims.employeeId, capability_scope: [] }),
  ],
  ['has no signature (alg none)', 'header', async () => new UnsecuredJWT(wire).encode()],
  [
    'is an HMAC over the public key',
    'header',
    async () => {
      const pem = await exportSPKI(await importPublic());
      const header = { alg: 'HS256', kid: key.kid, typ: 'run-ticket+jwt' };
      return new SignJWT(wire).setProtectedHeader(header).sign(new TextEncoder().encode(pem));
    },
  ],
  ['has an empty signature', 'signature', async () => `${(await forge({})).split('.').slice(0, 2).join('.')}.`],
  ['is too long to look at', 'malformed', async () => 'a'.repeat(70_000)],
  ['is empty', 'malformed', async () => ''],
])('a ticket that %s is refused', async (_name, reason, make) => {
  const token = await make();
  await expect(verify(token)).rejects.toMatchObject({ code: 'unauthenticated', reason });
});

async function importPublic() {
  const imported = await importJWK(publicJwks(key).keys[0] ?? {}, 'EdDSA', { extractable: true });
  if (imported instanceof Uint8Array) throw new TypeError('not a key');
  return imported;
}
