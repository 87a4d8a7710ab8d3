import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, UnsecuredJWT } from 'jose';
import { afterEach, expect, test, vi } from 'vitest';
import { createPersonVerifier } from './person-verifier.ts';

const ISSUER = 'https://clerk.example.com';
const AUDIENCE = 'clancy';
const rsa = () => generateKeyPairSync('rsa', { modulusLength: 2048 });
const keys = rsa();
const stranger = rsa();
const jwtKey = String(keys.publicKey.export({ type: 'spki', format: 'pem' }));
const verify = createPersonVerifier({
  issuer: ISSUER,
  audience: AUDIENCE,
  authorizedParties: ['https://app.example.com'],
  keys: { jwtKey, jwtKeyId: 'ins_1' },
});

const now = Math.floor(Date.now() / 1000);
const common = { iss: ISSUER, aud: AUDIENCE, azp: 'https://app.example.com', sub: 'user_ada', iat: now, nbf: now - 10 };
const template = { ...common, exp: now + 900, user_id: 'user_ada', org_id: 'org_a', role: 'org:operator', jti: 'tok1' };
const session = {
  ...common,
  exp: now + 60,
  v: 2,
  sid: 'sess_1',
  fea: 'o:agents,o:runs',
  o: { id: 'org_a', rol: 'viewer', slg: 'a', per: 'read,manage', fpm: '3,1' },
};

type Change = Record<string, unknown>;

async function mint(claims: object, header: Change = {}, key = keys.privateKey): Promise<string> {
  return new SignJWT({ ...claims }).setProtectedHeader({ alg: 'RS256', kid: 'ins_1', typ: 'JWT', ...header }).sign(key);
}
const fromTemplate = (change: Change, header?: Change) => mint({ ...template, ...change }, header);
const fromSession = (change: Change) => mint({ ...session, ...change });

test('a token of the JWT template is a person with the permissions of the role', async () => {
  const person = await verify(await mint(template));
  expect(person).toMatchObject({ kind: 'person', userId: 'user_ada', orgId: 'org_a', role: 'operator', jti: 'tok1' });
  expect(person.permissions).toContain('runs.write');
  expect(person.permissions).not.toContain('approvals.decide');
  expect(person).not.toHaveProperty('impersonatedBy');
});

test('a session token brings the custom permissions that have a meaning here', async () => {
  const person = await verify(await mint(session));
  expect(person).toMatchObject({ userId: 'user_ada', orgId: 'org_a', role: 'viewer', sid: 'sess_1' });
  expect(person.permissions).toEqual(expect.arrayContaining(['employees.write', 'employees.activate', 'runs.read']));
  expect(person.permissions).not.toContain('runs.write');
});

test('an impersonated session names who is behind it', async () => {
  const act = { iss: 'https://dashboard.clerk.com', sub: 'user_support', sid: 'sess_2' };
  expect((await verify(await fromSession({ act }))).impersonatedBy).toBe('user_support');
});

test('clocks may differ by a little less than five seconds', async () => {
  expect((await verify(await fromTemplate({ iat: now - 700, exp: now - 3 }))).userId).toBe('user_ada');
  await expect(verify(await fromTemplate({ iat: now - 700, exp: now - 7 }))).rejects.toMatchObject({ reason: 'expired' });
});

test.each<[string, string, () => Promise<string>]>([
  ['has expired', 'expired', () => fromTemplate({ iat: now - 900, exp: now - 60 })],
  ['has no expiry', 'claims', () => fromTemplate({ exp: undefined })],
  ['has an expiry that is no number', 'claims', () => fromTemplate({ exp: 'never' })],
  ['has a fractional expiry', 'claims', () => fromTemplate({ exp: now + 60.5 })],
  ['is not valid yet', 'not_yet_valid', () => fromTemplate({ nbf: now + 60 })],
  ['was issued in the future', 'not_yet_valid', () => fromTemplate({ iat: now + 60 })],
  ['has no issue time', 'claims', () => fromTemplate({ iat: undefined })],
  ['lives a second too long', 'lifetime', () => fromTemplate({ exp: now + 901 })],
  ['ends before it began', 'lifetime', () => fromTemplate({ iat: now + 3, exp: now + 2 })],
  ['comes from another issuer', 'issuer', () => fromTemplate({ iss: 'https://clerk.evil.example' })],
  ['is for another audience', 'claims', () => fromTemplate({ aud: 'other' })],
  ['has no audience', 'audience', () => fromTemplate({ aud: undefined })],
  ['has an empty audience list', 'audience', () => fromTemplate({ aud: [] })],
  ['was made for another origin', 'party', () => fromTemplate({ azp: 'https://evil.example' })],
  ['has no origin', 'party', () => fromTemplate({ azp: undefined })],
  ['is a machine token', 'not_a_person', () => fromTemplate({ sub: 'mch_1' })],
  ['has no prefix in its subject', 'not_a_person', () => fromTemplate({ sub: 'ada' })],
  ['has a subject with more behind it', 'not_a_person', () => fromTemplate({ sub: 'user_ada\n' })],
  ['names two people', 'claims', () => fromTemplate({ user_id: 'user_eve' })],
  ['has no organisation', 'no_organisation', () => fromTemplate({ org_id: undefined })],
  ['has a null organisation', 'no_organisation', () => fromTemplate({ org_id: null })],
  ['has an organisation that could break a signed setting', 'claims', () => fromTemplate({ org_id: 'org_a|1' })],
  ['has no role', 'claims', () => fromTemplate({ role: undefined })],
  ['is of a pending session', 'session_pending', () => fromTemplate({ sts: 'pending' })],
  ['has an unknown session status', 'session_pending', () => fromSession({ sts: 'odd' })],
  ['is a session token without a session', 'claims', () => fromSession({ sid: undefined })],
  ['is a session token of another version', 'claims', () => fromSession({ v: 1 })],
  ['is a session token without an organisation', 'no_organisation', () => fromSession({ o: undefined })],
  ['hides a missing organisation behind template claims', 'no_organisation', () => fromTemplate({ v: 2, sid: 'sess_1' })],
  ['is a session token without an audience', 'audience', () => fromSession({ aud: undefined })],
  ['names an impersonator without an id', 'claims', () => fromSession({ act: {} })],
  ['names an unknown key', 'unknown_key', () => fromTemplate({}, { kid: 'ins_2' })],
  ['names no key', 'header', () => fromTemplate({}, { kid: undefined })],
  [
    'brings its own key',
    'header',
    () => mint(template, { jwk: stranger.publicKey.export({ format: 'jwk' }) }, stranger.privateKey),
  ],
  ['brings an address of keys', 'header', () => fromTemplate({}, { jku: 'https://evil.example/jwks' })],
  ['brings an address of certificates', 'header', () => fromTemplate({}, { x5u: 'https://evil.example/x' })],
  ['is signed by a stranger', 'signature', () => mint(template, {}, stranger.privateKey)],
  ['is signed with another algorithm', 'header', () => fromTemplate({}, { alg: 'RS512' })],
  ['has another type', 'header', () => fromTemplate({}, { typ: 'at+jwt' })],
  ['is an M2M token', 'malformed', () => fromTemplate({}, { cat: 'cl_B7d4PD333AAA' })],
  ['has no signature (alg none)', 'malformed', async () => new UnsecuredJWT(template).encode()],
  ['has alg none and a signature', 'header', async () => `${part({ alg: 'none', kid: 'ins_1' })}.${part(template)}.AAAA`],
  [
    'is an HMAC over the public PEM',
    'header',
    async () => {
      const signed = `${part({ alg: 'HS256', kid: 'ins_1', typ: 'JWT' })}.${part(template)}`;
      return `${signed}.${createHmac('sha256', jwtKey).update(signed).digest('base64url')}`;
    },
  ],
  [
    'has other claims than were signed',
    'signature',
    async () => {
      const [header, , signature] = (await mint(template)).split('.');
      return `${header}.${part({ ...template, role: 'org:owner' })}.${signature}`;
    },
  ],
  [
    'is a Cognito token',
    'header',
    () => mint({ sub: 'c1', client_id: 'c1', token_use: 'access', iat: now, exp: now + 60 }, { typ: undefined, alg: 'RS384' }),
  ],
  ['is too long to look at', 'malformed', async () => 'a.'.repeat(20_000)],
  ['is empty', 'malformed', async () => ''],
])('a token that %s is refused', async (_name, reason, make) => {
  const token = await make();
  const error: unknown = await verify(token).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ code: 'unauthenticated', reason });
});

test('the error does not repeat the token', async () => {
  const token = await fromTemplate({ org_id: 'org a' });
  const error: unknown = await verify(token).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ reason: 'claims' });
  const shown = `${String(error)}${JSON.stringify(error)}${error instanceof Error ? error.stack : ''}`;
  for (const piece of token.split('.')) expect(shown).not.toContain(piece.slice(-20));
});

test('without a configured key id the first verified token fixes it', async () => {
  const pinned = createPersonVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: { jwtKey } });
  await expect(pinned(await mint(template, { kid: 'ins_evil' }, stranger.privateKey))).rejects.toMatchObject({
    reason: 'signature',
  });
  expect((await pinned(await mint(template))).userId).toBe('user_ada');
  await expect(pinned(await fromTemplate({}, { kid: 'ins_2' }))).rejects.toMatchObject({ reason: 'unknown_key' });
});

test.each([
  ['an elliptic key', () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey],
  ['a key of 4096 bits, which the library would misread', () => generateKeyPairSync('rsa', { modulusLength: 4096 }).publicKey],
])('%s does not boot', (_name, make) => {
  const pem = String(make().export({ type: 'spki', format: 'pem' }));
  expect(() => createPersonVerifier({ issuer: ISSUER, audience: AUDIENCE, keys: { jwtKey: pem } })).toThrow(/2048-bit RSA/);
});

let clerkApi: Server | undefined;
afterEach(() => clerkApi?.close());

/** Clerk's Backend API as far as its keys: what it publishes and how it fares can be changed. */
async function startClerkApi() {
  const state = { keys: [{ ...keys.publicKey.export({ format: 'jwk' }), kid: 'ins_1', alg: 'RS256', use: 'sig' }], status: 200 };
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.url} ${request.headers.authorization}`);
    response.writeHead(state.status, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: state.keys }));
  });
  clerkApi = server;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  let nowMs = 0;
  const remote = createPersonVerifier({
    issuer: ISSUER,
    audience: AUDIENCE,
    keys: { secretKey: 'sk_test_1', apiUrl: `http://127.0.0.1:${port}`, jwks: { now: () => nowMs, maxAgeMs: 1000, retryMs: 10 } },
  });
  return { remote, requests, state, passTime: (ms: number) => (nowMs += ms) };
}

test('with the secret key, many tokens and a thousand unknown keys make one request for keys', async () => {
  const { remote, requests } = await startClerkApi();
  const token = await mint(template);
  await Promise.all(Array.from({ length: 50 }, () => remote(token)));
  expect(requests).toEqual(['/v1/jwks Bearer sk_test_1']);
  const bogus = await Promise.all(Array.from({ length: 20 }, (_, n) => fromTemplate({}, { kid: `bogus${n}` })));
  for (let n = 0; n < 1000; n += 1) {
    await expect(remote(bogus[n % 20] ?? '')).rejects.toMatchObject({ reason: 'unknown_key' });
  }
  // The first unknown key is worth one look: it could be new. The second request is that look.
  expect(requests).toHaveLength(2);
  expect((await remote(token)).userId).toBe('user_ada');
});

test('keys that cannot be read let nobody in and say so, until they can', async () => {
  const { remote, state } = await startClerkApi();
  state.status = 503;
  await expect(remote(await mint(template))).rejects.toMatchObject({
    reason: 'keys_unavailable',
    code: 'dependency_unavailable',
  });
  state.status = 200;
  expect((await remote(await mint(template))).userId).toBe('user_ada');
});

test('a key that is known goes on working while Clerk is away, and stops after its retirement', async () => {
  const { remote, state, requests, passTime } = await startClerkApi();
  const token = await mint(template);
  await remote(token);
  state.status = 503;
  passTime(2000);
  expect((await remote(token)).userId).toBe('user_ada');
  state.status = 200;
  state.keys = [{ ...stranger.publicKey.export({ format: 'jwk' }), kid: 'ins_2', alg: 'RS256', use: 'sig' }];
  await vi.waitFor(async () => {
    passTime(2000);
    await expect(remote(token)).rejects.toMatchObject({ reason: 'unknown_key' });
  });
  expect(requests.length).toBeGreaterThan(2);
});

test('a new key is accepted at once', async () => {
  const { remote, state } = await startClerkApi();
  await remote(await mint(template));
  state.keys.push({ ...stranger.publicKey.export({ format: 'jwk' }), kid: 'ins_2', alg: 'RS256', use: 'sig' });
  expect((await remote(await mint(template, { kid: 'ins_2' }, stranger.privateKey))).userId).toBe('user_ada');
});

function part(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
