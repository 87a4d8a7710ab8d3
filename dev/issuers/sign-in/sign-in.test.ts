import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as oauth from 'oauth4webapi';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createPersonVerifier } from '../../../platform/auth/person-verifier.ts';
import { parseSigningKey, publicJwks } from '../../../platform/auth/signing-key.ts';
import { startIssuers, type Issuers } from '../server.ts';
import { createCodes } from './codes.ts';

const signingKey = JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' }));
const CALLBACK = 'http://127.0.0.1:18233/auth/sso/callback';
const ADA = { user_id: 'user_ada', org_id: 'org_platform', role: 'auditor' };

let dir: string;
let issuers: Issuers;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'clancy-sign-in-'));
  issuers = await startIssuers({ dir, assertionJwks: publicJwks(parseSigningKey(signingKey)) });
});
afterAll(async () => {
  await issuers.close();
  await rm(dir, { recursive: true });
});

const plainHttp = { [oauth.allowInsecureRequests]: true };
const client = () => ({ client_id: issuers.environment.signIn.clientId });
const request = (changed: Record<string, string> = {}) => ({
  response_type: 'code',
  client_id: client().client_id,
  redirect_uri: CALLBACK,
  state: 'a-state',
  nonce: 'a-nonce',
  ...changed,
});
const submit = (fields: Record<string, string>) =>
  fetch(`${issuers.url}/people/sign-in`, { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual' });

async function discover(): Promise<oauth.AuthorizationServer> {
  const issuer = new URL(issuers.environment.signIn.issuer);
  return oauth.processDiscoveryResponse(issuer, await oauth.discoveryRequest(issuer, plainHttp));
}

test('a person who signs in by the code flow gets a token that the production verifier takes, and an id token', async () => {
  const server = await discover();
  const page = await fetch(`${server.authorization_endpoint}?${new URLSearchParams(request({ state: '"><b>' })).toString()}`);
  expect(await page.text()).toContain('value="&#34;&#62;&#60;b&#62;"');

  const answered = await submit({ ...request(), ...ADA });
  expect(answered.status).toBe(303);
  const back = oauth.validateAuthResponse(server, client(), new URL(answered.headers.get('location') ?? ''), 'a-state');
  const secret = oauth.ClientSecretBasic(issuers.environment.signIn.clientSecret);
  const exchange = () => oauth.authorizationCodeGrantRequest(server, client(), secret, back, CALLBACK, oauth.nopkce, plainHttp);
  const tokens = await oauth.processAuthorizationCodeResponse(server, client(), await exchange(), { expectedNonce: 'a-nonce' });
  expect(oauth.getValidatedIdTokenClaims(tokens)).toMatchObject({ sub: ADA.user_id, aud: client().client_id });

  const { CLERK_ISSUER, CLERK_AUDIENCE, CLERK_JWT_KEY } = issuers.environment.people;
  const verify = createPersonVerifier({ issuer: CLERK_ISSUER, audience: CLERK_AUDIENCE, keys: { jwtKey: CLERK_JWT_KEY } });
  expect(await verify(tokens.access_token)).toMatchObject({ userId: ADA.user_id, orgId: ADA.org_id, role: 'auditor' });
  await expect(verify(tokens.id_token ?? '')).rejects.toMatchObject({ reason: 'claims' });

  const again = oauth.processAuthorizationCodeResponse(server, client(), await exchange(), { expectedNonce: 'a-nonce' });
  await expect(again).rejects.toMatchObject({ error: 'invalid_grant' });
});

test('nobody is sent anywhere but to a Web UI on this machine, and no other client gets a token', async () => {
  for (const redirect_uri of ['https://evil.example/auth/sso/callback', 'http://127.0.0.1:1/elsewhere', 'javascript:alert(1)'])
    expect((await submit({ ...request({ redirect_uri }), ...ADA })).status).toBe(400);
  expect((await submit({ ...request({ client_id: 'somebody' }), ...ADA })).status).toBe(400);
  expect((await submit({ ...request(), ...ADA, user_id: 'nobody' })).status).toBe(400);
  const form = new URLSearchParams({ grant_type: 'authorization_code', code: 'x', redirect_uri: CALLBACK });
  const refused = await fetch(`${issuers.url}/people/oauth/token`, { method: 'POST', body: form });
  expect([refused.status, await refused.json()]).toEqual([401, { error: 'invalid_client' }]);
});

test('a code is good for a minute', () => {
  let nowMs = 0;
  const codes = createCodes<string>(() => nowMs);
  const code = codes.issue({ person: 'ada', redirectUri: CALLBACK, nonce: undefined });
  const late = codes.issue({ person: 'bob', redirectUri: CALLBACK, nonce: undefined });
  nowMs = 59_999;
  expect(codes.take(code)?.person).toBe('ada');
  nowMs = 60_000;
  expect(codes.take(late)).toBeUndefined();
});
