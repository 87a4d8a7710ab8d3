import { generateKeyPairSync } from 'node:crypto';
import { importJWK, SignJWT } from 'jose';
import { expect, test } from 'vitest';
import { createAgentAssertionVerifier, signAgentAssertion } from './agent-assertion.ts';
import { parseSigningKey, publicJwks } from './signing-key.ts';

const key = parseSigningKey(JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
const verify = createAgentAssertionVerifier(publicJwks(key));
const claims = {
  client_id: 'client1',
  org_id: 'org_a',
  agent_id: '0123456789abcdefghjkmnpqrs',
  capability_scope: ['slack/slack.post'],
};

test('an assertion holds for the client that it names', async () => {
  expect(await verify(await signAgentAssertion(key, claims), 'client1')).toEqual(claims);
});

test('an assertion taken from another client is refused', async () => {
  const assertion = await signAgentAssertion(key, claims);
  await expect(verify(assertion, 'client2')).rejects.toMatchObject({ reason: 'client' });
  await expect(verify(assertion, 'CLIENT1')).rejects.toMatchObject({ reason: 'client' });
});

test('an assertion older than a minute is refused', async () => {
  const assertion = await signAgentAssertion(key, claims, Date.now() - 70_000);
  await expect(verify(assertion, 'client1')).rejects.toMatchObject({ reason: 'expired' });
});

test('an assertion that would live longer than a minute is refused', async () => {
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: 'EdDSA', kid: key.kid, typ: 'agent-assertion+jwt' })
    .setIssuer('agent-core')
    .setAudience('cognito-trigger')
    .setIssuedAt()
    .setExpirationTime('1h')
    .sign(await importJWK(key, 'EdDSA'));
  await expect(verify(token, 'client1')).rejects.toMatchObject({ reason: 'lifetime' });
});
