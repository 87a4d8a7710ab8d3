import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startIssuers } from '../../dev/issuers/server.ts';
import type { Issuers } from '../../dev/issuers/server.ts';
import { signAgentAssertion } from './agent-assertion.ts';
import { createCognitoAgentTokenSource } from './agent-token-source.ts';
import type { AgentTokenRequest, AgentTokenSource } from './agent-token-source.ts';
import { createCognitoClientRegistry } from './cognito-client-registry.ts';
import type { CognitoClientRegistry } from './cognito-client-registry.ts';
import { createMachineVerifier } from './machine-verifier.ts';
import { createPersonVerifier } from './person-verifier.ts';
import { createClientCredentialsSource } from './service-token.ts';
import { parseSigningKey, publicJwks } from './signing-key.ts';

const newKey = () => parseSigningKey(JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
const key = newKey();
const EMPLOYEE = '0123456789abcdefghjkmnpqrs';
let dir: string;
let issuers: Issuers;
let registry: CognitoClientRegistry;
const send = vi.fn<typeof fetch>(async (...request) => fetch(...request));

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'clancy-tokens-'));
  issuers = await startIssuers({ dir, assertionJwks: publicJwks(key) });
  const { COGNITO_REGION: region, COGNITO_ADMIN_ENDPOINT: endpoint } = issuers.environment.admin;
  registry = createCognitoClientRegistry({ region, endpoint, userPoolId: issuers.environment.machines.COGNITO_USER_POOL_ID });
});
afterAll(async () => {
  registry.close();
  await issuers.close();
  await rm(dir, { recursive: true });
});

function agentTokens(signer = key): AgentTokenSource {
  const { COGNITO_TOKEN_URL: tokenUrl } = issuers.environment.services.worker;
  return createCognitoAgentTokenSource({ tokenUrl, fetch: send, signAssertion: (claims) => signAgentAssertion(signer, claims) });
}

function machineVerifier() {
  const { COGNITO_USER_POOL_ID, COGNITO_JWKS_URL, COGNITO_SERVICE_CLIENTS } = issuers.environment.machines;
  return createMachineVerifier({
    userPoolId: COGNITO_USER_POOL_ID,
    jwksUrl: COGNITO_JWKS_URL,
    serviceClients: JSON.parse(COGNITO_SERVICE_CLIENTS),
  });
}

async function employeeRequest(employeeId = EMPLOYEE): Promise<AgentTokenRequest> {
  const client = await registry.createEmployeeClient({ employeeId, orgId: 'org_a' });
  return { ...client, orgId: 'org_a', employeeId, capabilityScope: ['slack/slack.post', 'slack/slack.read'] };
}

test('an employee gets an app client, and with it a token that says who it is and what it may use', async () => {
  const request = await employeeRequest();
  const token = await agentTokens().agentToken(request);
  expect(await machineVerifier().verifyAgent(token.accessToken)).toEqual({
    kind: 'agent',
    orgId: 'org_a',
    employeeId: EMPLOYEE,
    clientId: request.clientId,
    capabilityScope: ['slack/slack.post', 'slack/slack.read'],
  });
  expect(token.expiresAtMs).toBeGreaterThan(Date.now() + 14 * 60_000);
});

test('asking again for an employee finds its client, behind more than one page of others', async () => {
  const first = await registry.createEmployeeClient({ employeeId: '1'.repeat(26), orgId: 'org_a' });
  for (let n = 0; n < 61; n += 1) {
    await registry.createEmployeeClient({ employeeId: `2${String(n).padStart(25, '0')}`, orgId: 'org_a' });
  }
  const late = await registry.createEmployeeClient({ employeeId: `2${'60'.padStart(25, '0')}`, orgId: 'org_a' });
  expect(await registry.createEmployeeClient({ employeeId: '1'.repeat(26), orgId: 'org_a' })).toEqual(first);
  expect(late.clientId).not.toBe(first.clientId);
  expect(await registry.createEmployeeClient({ employeeId: `2${'60'.padStart(25, '0')}`, orgId: 'org_a' })).toEqual(late);
});

test('a token is kept per scope: the same question costs nothing, a changed scope asks anew', async () => {
  const request = await employeeRequest();
  const source = agentTokens();
  send.mockClear();
  const tokens = await Promise.all(Array.from({ length: 10 }, () => source.agentToken(request)));
  expect(new Set(tokens.map((token) => token.accessToken)).size).toBe(1);
  const narrowed = await source.agentToken({ ...request, capabilityScope: ['slack/slack.read'] });
  expect((await machineVerifier().verifyAgent(narrowed.accessToken)).capabilityScope).toEqual(['slack/slack.read']);
  const elsewhere = await source.agentToken({ ...request, orgId: 'org_b' });
  expect((await machineVerifier().verifyAgent(elsewhere.accessToken)).orgId).toBe('org_b');
  expect(send).toHaveBeenCalledTimes(3);
});

test('an assertion that Agent-Core did not sign gives no token', async () => {
  const refused = agentTokens(newKey()).agentToken(await employeeRequest());
  await expect(refused).rejects.toMatchObject({ code: 'token_refused', oauthError: 'invalid_request' });
});

test('people, services and employees cannot stand in for each other', async () => {
  const { people, services } = issuers.environment;
  const machine = machineVerifier();
  const keys = { jwtKey: people.CLERK_JWT_KEY };
  const person = createPersonVerifier({ issuer: people.CLERK_ISSUER, audience: people.CLERK_AUDIENCE, keys });
  const worker = createClientCredentialsSource({
    tokenUrl: services.worker.COGNITO_TOKEN_URL,
    clientId: services.worker.COGNITO_CLIENT_ID,
    clientSecret: services.worker.COGNITO_CLIENT_SECRET,
  });
  const serviceToken = await worker.token();
  const agentToken = (await agentTokens().agentToken(await employeeRequest())).accessToken;
  const response = await fetch(`${issuers.url}/people/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: 'user_ada', org_id: 'org_a', role: 'owner' }),
  });
  const personToken = String(Object.entries((await response.json()) ?? {}).find(([name]) => name === 'token')?.[1]);

  expect((await machine.verifyService(serviceToken)).service).toBe('worker');
  expect((await machine.verifyAgent(agentToken)).employeeId).toBe(EMPLOYEE);
  expect((await person(personToken)).userId).toBe('user_ada');
  const wrong = [
    machine.verifyService(agentToken),
    machine.verifyService(personToken),
    machine.verifyAgent(serviceToken),
    machine.verifyAgent(personToken),
    person(serviceToken),
    person(agentToken),
  ];
  for (const attempt of wrong) await expect(attempt).rejects.toMatchObject({ name: 'AuthError', code: 'unauthenticated' });
});
