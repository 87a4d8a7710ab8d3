import { createHmac, generateKeyPairSync, sign } from 'node:crypto';
import * as fc from 'fast-check';
import { SignJWT, UnsecuredJWT } from 'jose';
import { expect, test, vi } from 'vitest';
import { createJwksCache } from './jwks-cache.ts';
import { createMachineVerifier } from './machine-verifier.ts';

const POOL = 'eu-central-1_TestPool1';
const ISSUER = `https://cognito-idp.eu-central-1.amazonaws.com/${POOL}`;
const AGENT = '0123456789abcdefghjkmnpqrs';
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const keys = rsa();
const stranger = rsa();
const jwkOf = (pair: typeof keys, kid: string) => ({
  ...pair.publicKey.export({ format: 'jwk' }),
  kid,
  alg: 'RS256',
  use: 'sig',
});

/** A verifier whose keys come from memory; counts how often they are read. */
function setUp() {
  const state = { keys: [jwkOf(keys, 'k1')], isDown: false, nowMs: 0 };
  const fetchJwks = vi.fn(async (_uri: string) => {
    if (state.isDown) throw new Error('connect ECONNREFUSED');
    const bytes = new TextEncoder().encode(JSON.stringify({ keys: state.keys }));
    return bytes.buffer.slice(0, bytes.length);
  });
  const jwksCache = createJwksCache({ fetchJwks, now: () => state.nowMs, maxAgeMs: 1000, retryMs: 10 });
  const serviceClients = { agent_core: 'core1', connecthub: 'hub1', worker: 'worker1' };
  return { state, fetchJwks, verifier: createMachineVerifier({ userPoolId: POOL, serviceClients, jwksCache }) };
}
const { verifier } = setUp();

const now = Math.floor(Date.now() / 1000);
const service = {
  iss: ISSUER,
  sub: 'worker1',
  client_id: 'worker1',
  token_use: 'access',
  scope: 'clancy/service',
  auth_time: now,
  iat: now,
  exp: now + 3600,
  version: 2,
  jti: 'j1',
};
const agent = {
  ...service,
  sub: 'emp1',
  client_id: 'emp1',
  scope: 'clancy/agent',
  org_id: 'org_a',
  agent_id: AGENT,
  capability_scope: ['gmail/email.send', 'slack/slack.post'],
};

type Change = Record<string, unknown>;

async function mint(claims: object, header: Change = {}, key = keys.privateKey): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'k1', ...header }).sign(key);
}
const forService = (change: Change, header?: Change) => mint({ ...service, ...change }, header);
const forAgent = (change: Change) => mint({ ...agent, ...change });

test('a service is known by its client', async () => {
  const principal = { kind: 'service', service: 'worker', clientId: 'worker1' };
  expect(await verifier.verifyService(await mint(service))).toEqual(principal);
});

test('an employee is who the claims of our trigger say', async () => {
  expect(await verifier.verifyAgent(await mint(agent))).toEqual({
    kind: 'agent',
    orgId: 'org_a',
    employeeId: AGENT,
    clientId: 'emp1',
    capabilityScope: ['gmail/email.send', 'slack/slack.post'],
  });
});

test.each<[string, string, () => Promise<string>]>([
  ['has expired', 'expired', () => forService({ iat: now - 3600, exp: now - 60 })],
  ['has no expiry', 'claims', () => forService({ exp: undefined })],
  ['has a fractional expiry', 'claims', () => forService({ exp: now + 60.5 })],
  ['lives a second too long', 'lifetime', () => forService({ exp: now + 3601 })],
  ['has no issue time', 'claims', () => forService({ iat: undefined })],
  ['was issued in the future', 'not_yet_valid', () => forService({ iat: now + 60 })],
  ['is not valid yet', 'not_yet_valid', () => forService({ nbf: now + 60 })],
  ['comes from another pool', 'issuer', () => forService({ iss: `${ISSUER}2` })],
  ['comes from no issuer', 'issuer', () => forService({ iss: undefined })],
  ['comes from Clerk', 'issuer', () => forService({ iss: 'https://clerk.example.com', sub: 'user_ada', aud: 'clancy' })],
  ['is an ID token', 'claims', () => forService({ token_use: 'id', aud: 'worker1' })],
  ['has no use', 'claims', () => forService({ token_use: undefined })],
  ['is of an unknown client', 'client', () => forService({ sub: 'other', client_id: 'other' })],
  ['is of a client in other case', 'client', () => forService({ sub: 'WORKER1', client_id: 'WORKER1' })],
  ['is of a person signed in through the client', 'claims', () => forService({ sub: 'a1b2' })],
  ['is of an employee', 'claims', () => mint(agent)],
  ['is of a service that claims an organisation', 'claims', () => forService({ org_id: 'org_a' })],
  ['names an unknown key', 'unknown_key', () => forService({}, { kid: 'k2' })],
  ['names no key', 'header', () => forService({}, { kid: undefined })],
  ['brings its own key', 'header', () => mint(service, { jwk: jwkOf(stranger, 'k1') }, stranger.privateKey)],
  ['brings an address of keys', 'header', () => forService({}, { jku: 'https://evil.example/jwks' })],
  ['is signed by a stranger', 'signature', () => mint(service, {}, stranger.privateKey)],
  ['is signed with another algorithm', 'header', () => forService({}, { alg: 'RS512' })],
  ['has no signature (alg none)', 'malformed', async () => new UnsecuredJWT(service).encode()],
  [
    'is an HMAC over the public PEM',
    'header',
    async () => {
      const pem = String(keys.publicKey.export({ type: 'spki', format: 'pem' }));
      const signed = `${part({ alg: 'HS256', kid: 'k1' })}.${part(service)}`;
      return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
    },
  ],
  ['is no token', 'malformed', async () => 'x'],
])('a service token that %s is refused', async (_name, reason, make) => {
  const error: unknown = await verifier.verifyService(await make()).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'unauthenticated', reason });
});

test.each<[string, string, () => Promise<string>]>([
  ['is of a service', 'claims', () => mint(service)],
  ['is of a service with the claims of an employee', 'client', () => forAgent({ sub: 'hub1', client_id: 'hub1' })],
  ['has no organisation', 'claims', () => forAgent({ org_id: undefined })],
  ['has no employee', 'claims', () => forAgent({ agent_id: undefined })],
  ['has an employee id of another form', 'claims', () => forAgent({ agent_id: AGENT.toUpperCase() })],
  ['has no scope', 'claims', () => forAgent({ capability_scope: undefined })],
  ['has a scope of one text', 'claims', () => forAgent({ capability_scope: 'slack/slack.post gmail/email.send' })],
  ['has a capability twice', 'claims', () => forAgent({ capability_scope: ['slack/slack.post', 'slack/slack.post'] })],
  ['has a wildcard', 'claims', () => forAgent({ capability_scope: ['slack/*'] })],
  ['has a capability in other case', 'claims', () => forAgent({ capability_scope: ['slack/SLACK.POST'] })],
  ['has a capability with a Cyrillic letter', 'claims', () => forAgent({ capability_scope: ['slack/ѕlack.post'] })],
  ['has a capability without its provider', 'claims', () => forAgent({ capability_scope: ['slack.post'] })],
  ['has a capability with a line break', 'claims', () => forAgent({ capability_scope: ['slack/slack.post\n'] })],
  [
    'has six hundred capabilities',
    'claims',
    () => forAgent({ capability_scope: Array.from({ length: 600 }, (_, n) => `slack/slack.c${n}`) }),
  ],
  ['lives too long', 'lifetime', () => forAgent({ exp: now + 7200 })],
])('an employee token that %s is refused', async (_name, reason, make) => {
  await expect(verifier.verifyAgent(await make())).rejects.toMatchObject({ code: 'unauthenticated', reason });
});

test('of the same claim twice the last counts for everyone: no second reader sees the first', async () => {
  const text = JSON.stringify(agent).replace('"org_id":"org_a"', '"org_id":"org_a","org_id":"org_b"');
  const signed = `${part({ alg: 'RS256', kid: 'k1' })}.${Buffer.from(text).toString('base64url')}`;
  const token = `${signed}.${sign('sha256', Buffer.from(signed), keys.privateKey).toString('base64url')}`;
  expect((await verifier.verifyAgent(token)).orgId).toBe('org_b');
});

test('no change of a character in a token goes through', async () => {
  const token = await mint(agent);
  await fc.assert(
    // Not the very last one: it carries unused bits, and another spelling of the same signature is no forgery.
    fc.asyncProperty(fc.nat(token.length - 2), fc.constantFrom(...Array.from('Aa0_-.=% \n')), async (at, character) => {
      const changed = token.slice(0, at) + character + token.slice(at + 1);
      fc.pre(changed !== token);
      await expect(verifier.verifyAgent(changed)).rejects.toMatchObject({ name: 'AuthError' });
    }),
  );
});

test('services that share a client do not boot, nor does a pool id that is none', () => {
  const shared = { agent_core: 'a', connecthub: 'a', worker: 'b' };
  expect(() => createMachineVerifier({ userPoolId: POOL, serviceClients: shared })).toThrow(TypeError);
  const own = { agent_core: 'a', connecthub: 'b', worker: 'c' };
  expect(() => createMachineVerifier({ userPoolId: 'pool', serviceClients: own })).toThrow(/Invalid Cognito User Pool ID/);
});

test('row 17: fifty cold callers read the keys once, and a thousand unknown keys once more', async () => {
  const { verifier: cold, fetchJwks } = setUp();
  const token = await mint(service);
  await Promise.all(Array.from({ length: 50 }, () => cold.verifyService(token)));
  expect(fetchJwks.mock.calls).toEqual([[`${ISSUER}/.well-known/jwks.json`]]);
  const bogus = await Promise.all(Array.from({ length: 20 }, (_, n) => forService({}, { kid: `bogus${n}` })));
  for (let n = 0; n < 1000; n += 1) {
    await expect(cold.verifyService(bogus[n % 20] ?? '')).rejects.toMatchObject({ reason: 'unknown_key' });
  }
  expect(fetchJwks).toHaveBeenCalledTimes(2);
});

test('row 18: keys at hand outlive their issuer, unknown ones are refused, and all recovers by itself', async () => {
  const { verifier: own, state } = setUp();
  state.isDown = true;
  await expect(own.verifyService(await mint(service))).rejects.toMatchObject({ reason: 'keys_unavailable' });
  state.isDown = false;
  await own.verifyService(await mint(service));
  state.isDown = true;
  state.nowMs = 5000;
  expect((await own.verifyService(await mint(service))).service).toBe('worker');
  await expect(own.verifyService(await forService({}, { kid: 'k2' }))).rejects.toMatchObject({ reason: 'keys_unavailable' });
  state.isDown = false;
  state.keys = [jwkOf(stranger, 'k2')];
  expect((await own.verifyService(await mint(service, { kid: 'k2' }, stranger.privateKey))).service).toBe('worker');
});

test('a new key works at once and a retired one stops when the keys have aged', async () => {
  const { verifier: own, state } = setUp();
  const token = await mint(service);
  await own.verifyService(token);
  state.keys.push(jwkOf(stranger, 'k2'));
  await own.verifyService(await mint(service, { kid: 'k2' }, stranger.privateKey));
  state.keys = [jwkOf(stranger, 'k2')];
  expect((await own.verifyService(token)).service).toBe('worker');
  await vi.waitFor(async () => {
    state.nowMs += 2000;
    await expect(own.verifyService(token)).rejects.toMatchObject({ reason: 'unknown_key' });
  });
});

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
