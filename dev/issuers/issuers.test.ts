import { generateKeyPairSync } from 'node:crypto';
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { signAgentAssertion } from '../../platform/auth/agent-assertion.ts';
import { createMachineVerifier } from '../../platform/auth/machine-verifier.ts';
import { createPersonVerifier } from '../../platform/auth/person-verifier.ts';
import { parseSigningKey, publicJwks } from '../../platform/auth/signing-key.ts';
import { startIssuers } from './server.ts';
import type { Issuers } from './server.ts';

const key = parseSigningKey(JSON.stringify(generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' })));
const AGENT = '0123456789abcdefghjkmnpqrs';
let dir: string;
let issuers: Issuers;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'clancy-issuers-'));
  issuers = await startIssuers({ dir, assertionJwks: publicJwks(key) });
});
afterAll(async () => {
  await issuers.close();
  await rm(dir, { recursive: true });
});

function verifiersOf({ environment }: Issuers) {
  const { people, machines } = environment;
  const keys = { jwtKey: people.CLERK_JWT_KEY };
  return {
    person: createPersonVerifier({ issuer: people.CLERK_ISSUER, audience: people.CLERK_AUDIENCE, keys }),
    machine: createMachineVerifier({
      userPoolId: machines.COGNITO_USER_POOL_ID,
      serviceClients: JSON.parse(machines.COGNITO_SERVICE_CLIENTS),
      jwksUrl: machines.COGNITO_JWKS_URL,
    }),
  };
}

async function personToken(body: object): Promise<string> {
  const response = await fetch(`${issuers.url}/people/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return z.object({ token: z.string() }).parse(await response.json()).token;
}

const worker = () => issuers.environment.services.worker;

const tokenAnswer = z.object({
  access_token: z.string().default(''),
  expires_in: z.number().optional(),
  token_type: z.string().optional(),
  error: z.string().optional(),
});
const adminAnswer = z.object({
  __type: z.string().optional(),
  UserPoolClient: z.object({ ClientId: z.string(), ClientSecret: z.string() }).default({ ClientId: '', ClientSecret: '' }),
});

async function tokenRequest(options: { id?: string; secret?: string; form?: Record<string, string>; type?: string }) {
  const { id = worker().COGNITO_CLIENT_ID, secret = worker().COGNITO_CLIENT_SECRET } = options;
  const response = await fetch(`${issuers.url}/oauth2/token`, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`,
      'content-type': options.type ?? 'application/x-www-form-urlencoded',
    },
    body: new URLSearchParams({ grant_type: 'client_credentials', ...options.form }).toString(),
  });
  return { status: response.status, body: tokenAnswer.parse(await response.json()) };
}

async function admin(operation: string, input: object, headers: Record<string, string> = {}) {
  const response = await fetch(issuers.url, {
    method: 'POST',
    headers: {
      'content-type': 'application/x-amz-json-1.1',
      'x-amz-target': `AWSCognitoIdentityProviderService.${operation}`,
      authorization: 'AWS4-HMAC-SHA256 Credential=local',
      ...headers,
    },
    body: JSON.stringify({ UserPoolId: 'eu-central-1_LocalPool1', ...input }),
  });
  return { status: response.status, body: adminAnswer.parse(await response.json()) };
}

const newClient = {
  ClientName: `emp_${AGENT}`,
  GenerateSecret: true,
  AllowedOAuthFlows: ['client_credentials'],
  AllowedOAuthFlowsUserPoolClient: true,
  AllowedOAuthScopes: ['clancy/agent'],
  AccessTokenValidity: 15,
  TokenValidityUnits: { AccessToken: 'minutes' },
};

test.each(['template', 'session'])('the production verifier accepts a person of the layout %s', async (layout) => {
  const token = await personToken({ user_id: 'user_ada', org_id: 'org_a', role: 'admin', layout });
  const person = await verifiersOf(issuers).person(token);
  expect(person).toMatchObject({ userId: 'user_ada', orgId: 'org_a', role: 'admin' });
});

test('a person token that lives longer than 15 minutes is made, and refused by the verifier', async () => {
  const token = await personToken({ user_id: 'user_ada', org_id: 'org_a', role: 'admin', lifetime_s: 901 });
  await expect(verifiersOf(issuers).person(token)).rejects.toMatchObject({ reason: 'lifetime' });
});

test('a request for a person with fields that we do not know is refused', async () => {
  const response = await fetch(`${issuers.url}/people/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ user_id: 'user_ada', org_id: 'org_a', role: 'admin', admin: true }),
  });
  expect(response.status).toBe(400);
});

test('the production verifier knows each service by its token', async () => {
  const { machine } = verifiersOf(issuers);
  for (const service of ['agent_core', 'connecthub', 'worker'] as const) {
    const { COGNITO_CLIENT_ID: id, COGNITO_CLIENT_SECRET: secret } = issuers.environment.services[service];
    const { status, body } = await tokenRequest({ id, secret });
    expect(status).toBe(200);
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3600 });
    expect(await machine.verifyService(body.access_token)).toEqual({ kind: 'service', service, clientId: id });
  }
});

test('an employee client gets a token with what Agent-Core asserted, and nothing without an assertion', async () => {
  const { body } = await admin('CreateUserPoolClient', newClient);
  const { ClientId: id, ClientSecret: secret } = body.UserPoolClient;
  const scope = ['slack/slack.post'];
  const assertion = await signAgentAssertion(key, { client_id: id, org_id: 'org_a', agent_id: AGENT, capability_scope: scope });
  const form = { aws_client_metadata: JSON.stringify({ assertion }) };

  const answer = await tokenRequest({ id, secret, form });
  expect(answer.body.expires_in).toBe(900);
  const agent = await verifiersOf(issuers).machine.verifyAgent(answer.body.access_token);
  expect(agent).toEqual({ kind: 'agent', orgId: 'org_a', employeeId: AGENT, clientId: id, capabilityScope: scope });

  const without = await tokenRequest({ id, secret });
  expect(without).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
});

test('an assertion made for another client gives no token', async () => {
  const [first, second] = [await admin('CreateUserPoolClient', newClient), await admin('CreateUserPoolClient', newClient)];
  const claims = { org_id: 'org_b', agent_id: AGENT, capability_scope: [] };
  const assertion = await signAgentAssertion(key, { client_id: first.body.UserPoolClient.ClientId, ...claims });
  const { ClientId: id, ClientSecret: secret } = second.body.UserPoolClient;
  const answer = await tokenRequest({ id, secret, form: { aws_client_metadata: JSON.stringify({ assertion }) } });
  expect(answer).toMatchObject({ status: 400, body: { error: 'invalid_request' } });
});

test('a service that sends an assertion stays a service', async () => {
  const id = worker().COGNITO_CLIENT_ID;
  const assertion = await signAgentAssertion(key, { client_id: id, org_id: 'org_a', agent_id: AGENT, capability_scope: [] });
  const { body } = await tokenRequest({ form: { aws_client_metadata: JSON.stringify({ assertion }) } });
  const { machine } = verifiersOf(issuers);
  expect((await machine.verifyService(body.access_token)).service).toBe('worker');
  await expect(machine.verifyAgent(body.access_token)).rejects.toMatchObject({ reason: 'claims' });
});

test.each<[string, string, Parameters<typeof tokenRequest>[0]]>([
  ['a wrong secret', 'invalid_client', { secret: 'wrong' }],
  ['an unknown client', 'invalid_client', { id: 'nobody' }],
  ['another grant', 'unsupported_grant_type', { form: { grant_type: 'password' } }],
  ['a scope that is not its own', 'invalid_scope', { form: { scope: 'clancy/agent' } }],
  ['metadata that is no JSON', 'invalid_request', { form: { aws_client_metadata: 'a=b' } }],
  ['metadata that is not flat', 'invalid_request', { form: { aws_client_metadata: '{"a":{}}' } }],
  ['a field that Cognito does not know', 'invalid_request', { form: { audience: 'x' } }],
  ['a body that is no form', 'invalid_request', { type: 'text/plain' }],
])('the token endpoint refuses %s', async (_name, error, options) => {
  expect(await tokenRequest(options)).toMatchObject({ status: 400, body: { error } });
});

test.each([
  [
    'a pool that is not there',
    'CreateUserPoolClient',
    { ...newClient, UserPoolId: 'eu-central-1_Other' },
    'ResourceNotFoundException',
  ],
  [
    'a scope that is not there',
    'CreateUserPoolClient',
    { ...newClient, AllowedOAuthScopes: ['x/y'] },
    'ScopeDoesNotExistException',
  ],
  ['a parameter that we do not know', 'CreateUserPoolClient', { ...newClient, Name: 'x' }, 'InvalidParameterException'],
  ['a token of a minute', 'CreateUserPoolClient', { ...newClient, AccessTokenValidity: 1 }, 'InvalidParameterException'],
  ['a client that is not there', 'DescribeUserPoolClient', { ClientId: 'nobody' }, 'ResourceNotFoundException'],
  ['an operation that we do not have', 'DeleteUserPool', {}, 'UnknownOperationException'],
])('the administrative API refuses %s', async (_name, operation, input, type) => {
  expect(await admin(operation, input)).toMatchObject({ status: 400, body: { __type: type } });
});

test('the administrative API refuses an unsigned request', async () => {
  const answer = await admin('ListUserPoolClients', {}, { authorization: 'Bearer x' });
  expect(answer.body.__type).toBe('MissingAuthenticationTokenException');
});

test('a request under a name that was pointed at this machine is refused', async () => {
  const { port } = new URL(issuers.url);
  const status = await new Promise((resolve, reject) => {
    const request = httpRequest({ port, host: '127.0.0.1', path: '/people/jwt-key', headers: { host: `evil.example:${port}` } });
    request
      .on('response', (response) => resolve(response.resume().statusCode))
      .on('error', reject)
      .end();
  });
  expect(status).toBe(421);
});

test('it does not listen on an address that others can reach', async () => {
  await expect(startIssuers({ dir, assertionJwks: publicJwks(key), host: '0.0.0.0' })).rejects.toThrow(/loopback only/);
});

test('keys and clients outlive the process, in files for its user alone', async () => {
  const own = await mkdtemp(join(tmpdir(), 'clancy-issuers-'));
  const first = await startIssuers({ dir: own, assertionJwks: publicJwks(key) });
  const { port } = new URL(first.url);
  await first.close();
  const second = await startIssuers({ dir: own, assertionJwks: publicJwks(key), port: Number(port) });
  expect(second.environment).toEqual(first.environment);
  await second.close();
  expect((await stat(own)).mode & 0o777).toBe(0o700);
  const modes = await Promise.all((await readdir(own)).map(async (file) => [file, (await stat(join(own, file))).mode & 0o777]));
  expect(Object.fromEntries(modes)).toEqual({
    'clients.json': 0o600,
    'sign-in-client.json': 0o600,
    'people-key.json': 0o600,
    'pool-key.json': 0o600,
  });
  await rm(own, { recursive: true });
});
