import { createHmac, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT } from 'jose';
import { Stripe } from 'stripe';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createRegistry, type Provider } from '../providers/registry.ts';
import type { Delivery } from './definition.ts';
import { createProofs } from './proofs.ts';

const NOW = new Date('2026-11-23T12:00:00Z');
const AT = Math.floor(NOW.getTime() / 1_000);
const SECRET = 'a secret of sixteen or more';
const NEXT_SECRET = 'the one that takes its place';
const BODY = '{"id":"evt_1","text":"grüße"}';

const proofs = createProofs({ clock: () => NOW });
type SignedId = 'slack' | 'stripe' | 'github' | 'quickbooks';

function providerWith(id: string, secrets: readonly string[]): Provider {
  const registry = createRegistry({ [id]: { clientId: 'c', clientSecret: 's', webhooks: { secrets } } });
  return registry.provider(id)!;
}

const mac = (secret: string, text: string) => createHmac('sha256', secret).update(text);
const delivery = (headers: Delivery['headers'], body = BODY): Delivery => ({ headers, body: Buffer.from(body), receivedAt: NOW });

/** How each provider signs, by its own documentation; `at` where a time is signed. */
const SIGN: { [id in SignedId]: (secret: string, at: number) => { [name: string]: string } } = {
  slack: (secret, at) => ({
    'x-slack-request-timestamp': String(at),
    'x-slack-signature': `v0=${mac(secret, `v0:${at}:${BODY}`).digest('hex')}`,
  }),
  stripe: (secret, at) => ({ 'stripe-signature': `t=${at},v1=${mac(secret, `${at}.${BODY}`).digest('hex')}` }),
  github: (secret) => ({ 'x-hub-signature-256': `sha256=${mac(secret, BODY).digest('hex')}` }),
  quickbooks: (secret) => ({ 'intuit-signature': mac(secret, BODY).digest('base64') }),
};

/** A signature in another scheme, of the right secret: no proof. */
const OTHER_SCHEME: { [id in SignedId]: { [name: string]: string } } = {
  slack: { 'x-slack-request-timestamp': String(AT), 'x-slack-signature': `v1=${mac(SECRET, `v0:${AT}:${BODY}`).digest('hex')}` },
  stripe: { 'stripe-signature': `t=${AT},v1a=${mac(SECRET, `${AT}.${BODY}`).digest('hex')}` },
  github: { 'x-hub-signature': `sha1=${createHmac('sha1', SECRET).update(BODY).digest('hex')}` },
  quickbooks: { 'intuit-signature': mac(SECRET, BODY).digest('hex') },
};

describe.each<SignedId>(['slack', 'stripe', 'github', 'quickbooks'])('a delivery of %s', (id) => {
  const provider = providerWith(id, [SECRET]);
  const holds = (given: Delivery, of = provider) => proofs.holds(of, given);

  it('is proved by its signature', async () => {
    expect(await holds(delivery(SIGN[id](SECRET, AT)))).toBe(true);
  });

  it.each<[string, Delivery]>([
    ['a body that was changed', delivery(SIGN[id](SECRET, AT), BODY.replace('evt_1', 'evt_2'))],
    ['a body that was written anew', delivery(SIGN[id](SECRET, AT), JSON.stringify(JSON.parse(BODY), null, 1))],
    ['a wrong secret', delivery(SIGN[id]('another secret of that length', AT))],
    ['no header', delivery({})],
    ['another scheme', delivery(OTHER_SCHEME[id])],
    ['an empty signature', delivery(Object.fromEntries(Object.keys(SIGN[id](SECRET, AT)).map((name) => [name, ''])))],
    ['a signature that is cut', delivery(mapped(SIGN[id](SECRET, AT), (value) => value.slice(0, -2)))],
  ])('is refused with %s', async (_what, given) => {
    expect(await holds(given)).toBe(false);
  });

  it('is refused with a signature that has more behind it', async () => {
    const behind = Object.entries(SIGN[id](SECRET, AT)).map(([name, value]) => [
      name,
      name.endsWith('signature') || name.includes('256') ? `${value}zz` : value,
    ]);
    expect(await holds(delivery(Object.fromEntries(behind)))).toBe(false);
  });

  it('is refused without each of the headers', async () => {
    for (const name of Object.keys(SIGN[id](SECRET, AT))) {
      expect(await holds(delivery({ ...SIGN[id](SECRET, AT), [name]: undefined }))).toBe(false);
    }
  });

  it.each([[[]], [['']], [['', '']]])('is refused where the secrets are %j, however it is signed', async (secrets) => {
    const without = providerWith(id, secrets);
    expect(proofs.isConfigured(without)).toBe(false);
    expect(await holds(delivery(SIGN[id]('', AT)), without)).toBe(false);
    const { proof } = without.definition.webhooks!;
    // The hook itself does not rely on being asked only then.
    expect(proof.by === 'secret' && proof.isSigned(delivery(SIGN[id]('', AT)), secrets, NOW.getTime())).toBe(false);
  });

  it('is proved by either secret while one takes the place of the other', async () => {
    const both = providerWith(id, [SECRET, NEXT_SECRET]);
    for (const secret of [SECRET, NEXT_SECRET]) expect(await holds(delivery(SIGN[id](secret, AT)), both)).toBe(true);
    expect(await holds(delivery(SIGN[id]('a third secret, of nobody', AT)), both)).toBe(false);
  });
});

describe.each<SignedId>(['slack', 'stripe'])('the time that %s signs', (id) => {
  it.each([
    [-301, false],
    [-299, true],
    [299, true],
    [301, false],
  ])('may be %i s from ours: %s', async (seconds, isTaken) => {
    expect(await proofs.holds(providerWith(id, [SECRET]), delivery(SIGN[id](SECRET, AT + seconds)))).toBe(isTaken);
  });

  it('is that of the signature', async () => {
    const moved = mapped(SIGN[id](SECRET, AT - 600), (value) => value.replace(String(AT - 600), String(AT)));
    expect(await proofs.holds(providerWith(id, [SECRET]), delivery(moved))).toBe(false);
  });
});

describe("Stripe's own client", () => {
  const { webhooks } = new Stripe('sk_test_nobody');

  it('signs what we take', async () => {
    const header = webhooks.generateTestHeaderString({ payload: BODY, secret: SECRET, timestamp: AT });
    expect(await proofs.holds(providerWith('stripe', [SECRET]), delivery({ 'stripe-signature': header }))).toBe(true);
  });

  it('takes what our sandbox would sign, and several signatures are as good as one', async () => {
    const at = Math.floor(Date.now() / 1_000);
    const { 'stripe-signature': header = '' } = SIGN.stripe(SECRET, at);
    expect(webhooks.constructEvent(BODY, header, SECRET)).toMatchObject({ id: 'evt_1' });
    const two = `t=${AT},v1=${'0'.repeat(64)},v1=${mac(SECRET, `${AT}.${BODY}`).digest('hex')}`;
    expect(await proofs.holds(providerWith('stripe', [SECRET]), delivery({ 'stripe-signature': two }))).toBe(true);
  });
});

describe("a push of Google's", () => {
  const PUSH = { audience: 'https://hub.example/hooks/gmail', serviceAccounts: ['push@project.iam.gserviceaccount.com'] };
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const stranger = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const keys = { keys: [{ ...publicKey.export({ format: 'jwk' }), kid: 'k1', alg: 'RS256', use: 'sig' }] };
  let server: Server;
  let gmail: Provider;
  let isUp = true;
  beforeAll(async () => {
    server = createServer((_request, response) => (isUp ? response.end(JSON.stringify(keys)) : response.writeHead(503).end()));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    gmail = gmailAt(PUSH);
  });
  afterAll(() => server.close());
  function gmailAt(push: typeof PUSH): Provider {
    const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const registry = createRegistry({ gmail: { clientId: 'c', clientSecret: 's', baseUrl, webhooks: { secrets: [], push } } });
    return registry.provider('gmail')!;
  }
  const CLAIMS = {
    iss: 'https://accounts.google.com',
    aud: PUSH.audience,
    sub: '1234',
    email: PUSH.serviceAccounts[0],
    email_verified: true,
    iat: AT,
    exp: AT + 3_600,
  };
  const token = (claims: { [name: string]: unknown }, header: object = {}, key = privateKey) =>
    new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'k1', typ: 'JWT', ...header }).sign(key);
  const holds = (bearer: string, of = gmail) => proofs.holds(of, delivery({ authorization: `Bearer ${bearer}` }));

  it('is proved by its token', async () => {
    expect(await holds(await token(CLAIMS))).toBe(true);
    expect(await holds(await token({ ...CLAIMS, iat: AT - 3_000, exp: AT + 600 }))).toBe(true);
  });

  it.each<[string, { [name: string]: unknown }]>([
    ['another audience', { aud: 'https://other.example' }],
    ['another issuer', { iss: 'https://accounts.evil.example' }],
    ['another service account', { email: 'push@other.iam.gserviceaccount.com' }],
    ['an address that is not verified', { email_verified: false }],
    ['no address', { email: undefined }],
    ['a token that ended 301 s ago', { iat: AT - 3_000, exp: AT - 301 }],
    ['a token of 301 s from now', { iat: AT + 301, exp: AT + 3_600 }],
    ['a token of yesterday that never ends', { iat: AT - 86_400, exp: AT + 86_400 }],
    ['a token without an end', { exp: undefined }],
  ])('is refused with %s', async (_what, claims) => {
    expect(await holds(await token({ ...CLAIMS, ...claims }))).toBe(false);
  });

  it('is refused without a token, with one of a stranger, and with one that brings its own key', async () => {
    expect(await proofs.holds(gmail, delivery({}))).toBe(false);
    expect(await proofs.holds(gmail, delivery({ authorization: `Basic ${await token(CLAIMS)}` }))).toBe(false);
    expect(await holds(await token(CLAIMS, {}, stranger))).toBe(false);
    expect(await holds(await token(CLAIMS, { kid: 'unknown' }))).toBe(false);
    expect(await holds(await token(CLAIMS, { jku: 'https://evil.example/keys' }))).toBe(false);
    const [, claims] = (await token(CLAIMS)).split('.');
    const none = Buffer.from(JSON.stringify({ alg: 'none', typ: 'JWT' })).toString('base64url');
    expect(await holds(`${none}.${claims}.`)).toBe(false);
  });

  it('is not taken where nothing is set to compare it with', () => {
    expect(proofs.isConfigured(providerWith('gmail', ['a secret that means nothing here']))).toBe(false);
  });

  it('is neither taken nor refused while the keys cannot be read', async () => {
    isUp = false;
    const fresh = createProofs({ clock: () => NOW });
    const given = delivery({ authorization: `Bearer ${await token(CLAIMS)}` });
    await expect(fresh.holds(gmail, given)).rejects.toMatchObject({ code: 'dependency_unavailable' });
    isUp = true;
    expect(await fresh.holds(gmail, given)).toBe(true);
  });
});

function mapped(headers: { [name: string]: string }, change: (value: string) => string): { [name: string]: string } {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, change(value)]));
}
