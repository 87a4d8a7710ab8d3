import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createBrowser, type Browser } from '../testing/browser.ts';
import { hubHarness, type HubHarness } from '../testing/harness.ts';
import type { HubCopy } from '../testing/hub-copy.ts';
import { createOffice, type Office } from '../testing/office.ts';

/** Rows 24 to 27 and 32 of the security checklist (docs/testing.md, "Security rows"); row 23 is `oauth.integration.test.ts`. */
const BACK = 'https://app.example/connected';

let harness: HubHarness;
let hub: HubCopy;
let office: Office;
let browser: Browser;
beforeAll(async () => {
  harness = await hubHarness();
  hub = await harness.copy({ OAUTH_RETURN_TO: `https://app.example/other, ${BACK}` });
}, 120_000);
afterAll(() => harness.close());
beforeEach(async () => {
  office = await createOffice({ ...harness, hub }, { provider: 'gmail' });
  browser = createBrowser(hub.app, harness.surroundings.sandbox);
});

const launch = async (query = '', provider = 'gmail') =>
  String((await office.asPerson('GET', `/oauth/launch/${provider}${query}`)).json['url']);
const toProvider = async (url: string) => new URL(String((await browser.open(url)).headers['location']));
const callbackOf = async (query = '') => new URL(await browser.untilCallback(await launch(query), { team: office.team }));
const exchanges = async () =>
  (await harness.surroundings.sandbox.requests(office.team)).filter(({ method }) => method === 'oauth.token').length;
/** Opens a callback that must fail; how many codes or verifiers were shown to the provider for it. */
const refused = async (callback: URL, code: string) => {
  const before = await exchanges();
  expect((await browser.open(callback.href)).json).toMatchObject({ code });
  return (await exchanges()) - before;
};

describe('row 24: PKCE', () => {
  it('goes out as S256, each flow with a challenge of its own, and the provider lets none go without', async () => {
    const [one, two] = [await toProvider(await launch()), await toProvider(await launch())];
    for (const url of [one, two]) {
      expect(url.searchParams.get('code_challenge_method')).toBe('S256');
      expect(url.searchParams.get('code_challenge')).toMatch(/^[\w-]{43}$/);
    }
    expect(one.searchParams.get('code_challenge')).not.toBe(two.searchParams.get('code_challenge'));
    expect((await browser.open((await callbackOf()).href)).json).toMatchObject({ connection_id: office.connectionId });
    one.searchParams.delete('code_challenge');
    one.searchParams.delete('code_challenge_method');
    expect((await fetch(one, { redirect: 'manual' })).status).toBe(400);
  });

  it('a code under a stripped or foreign challenge is worth nothing, since the own verifier is always shown', async () => {
    const begun = await toProvider(await launch());
    begun.searchParams.set('code_challenge', 'A'.repeat(43));
    const callback = new URL(await harness.surroundings.sandbox.authorize(begun.href, { team: office.team }));
    expect(await refused(callback, 'oauth_failed')).toBe(1);
  });

  it('a code is worth nothing with the verifier of another flow', async () => {
    const [one, two] = [await callbackOf(), await callbackOf()];
    two.searchParams.set('code', one.searchParams.get('code') ?? '');
    expect(await refused(two, 'oauth_failed')).toBe(1);
  });

  it('a flow that has no verifier is not finished without', async () => {
    const callback = await callbackOf();
    await harness.owner.query('update hub.oauth_states set code_verifier = null where org_id = $1', [office.orgId]);
    expect(await refused(callback, 'oauth_state_invalid')).toBe(0);
  });
});

describe('row 25: where people are led', () => {
  it.each([
    'https://app.example.evil.example/connected',
    'https://evil.app.example/connected',
    'https://app.example/connected/../evil',
    'https://app.example/connected/',
    'https://app.example/connected?x=1',
    'https://app.example/connected#x',
    'https://app.example:443/connected',
    'https://app.example@evil.example/connected',
    'https://app.example\\@evil.example/connected',
    'https://app.example/connected\r\nset-cookie: a=b',
    'https://\u0430pp.example/connected',
    'HTTPS://app.example/connected',
    'http://app.example/connected',
    '//evil.example/connected',
    '\\\\evil.example',
    '/connected',
    'javascript:alert(1)',
    ' https://app.example/connected',
    '',
  ])('is not %j', async (returnTo) => {
    const answer = await office.asPerson('GET', `/oauth/launch/gmail?return_to=${encodeURIComponent(returnTo)}`);
    expect([answer.status, answer.json]).toMatchObject([400, { code: 'invalid_request' }]);
  });

  it('is an address of the list, for people; programs get their answer; and no longer one that left the list', async () => {
    const query = `?return_to=${encodeURIComponent(BACK)}`;
    const led = await browser.open((await callbackOf(query)).href, 'text/html');
    expect([led.status, led.headers['location']]).toEqual([303, BACK]);
    expect((await browser.open((await callbackOf(query)).href)).json).toMatchObject({ connection_id: office.connectionId });
    const callback = await callbackOf(query);
    await harness.owner.query(`update hub.oauth_states set return_to = 'https://evil.example/' where org_id = $1`, [
      office.orgId,
    ]);
    const page = await browser.open(callback.href, 'text/html');
    expect([page.status, page.headers['location']]).toEqual([200, undefined]);
  });

  it('by the provider is ConnectHub alone, whatever the request says of itself', async () => {
    expect((await office.asPerson('GET', '/oauth/launch/gmail?redirect_uri=https://evil.example')).status).toBe(400);
    const headers = { host: 'evil.example', 'x-forwarded-host': 'evil.example' };
    const { pathname, search } = new URL(await launch());
    const entered = await hub.app.inject({ method: 'GET', url: pathname + search, headers });
    const { searchParams } = new URL(String(entered.headers['location']));
    expect(searchParams.get('redirect_uri')).toBe('http://127.0.0.1:8081/oauth/callback/gmail');
  });
});

describe('row 26: the answer of another server', () => {
  it('is refused by its issuer, before its code is shown to anybody', async () => {
    for (const issuer of ['https://evil.example', 'https://accounts.google.com.evil.example', 'nonsense', '']) {
      const callback = await callbackOf();
      callback.searchParams.set('iss', issuer);
      expect(await refused(callback, 'oauth_failed')).toBe(0);
    }
  });

  it('is taken with the issuer of the provider that was asked', async () => {
    const begun = await toProvider(await launch());
    const callback = new URL(await harness.surroundings.sandbox.authorize(begun.href, { team: office.team }));
    callback.searchParams.set('iss', begun.origin);
    expect((await browser.open(callback.href)).status).toBe(200);
  });

  it('is refused where its state began at another provider', async () => {
    const callback = await callbackOf();
    callback.pathname = '/oauth/callback/calendar';
    expect(await refused(callback, 'oauth_state_invalid')).toBe(0);
  });
});

describe('row 27: what was used or is gone', () => {
  it('a callback is worth nothing a second time, its code nothing with another state', async () => {
    const callback = await callbackOf();
    expect((await browser.open(callback.href)).status).toBe(200);
    expect(await refused(callback, 'oauth_state_invalid')).toBe(0);
    const fresh = await callbackOf();
    fresh.searchParams.set('code', callback.searchParams.get('code') ?? '');
    expect(await refused(fresh, 'oauth_failed')).toBe(1);
  });

  it('a callback for a connection that was disconnected meanwhile connects nothing', async () => {
    const callback = await callbackOf(`?connection_id=${office.connectionId}`);
    await office.asPerson('DELETE', `/connections/${office.connectionId}`);
    expect(await refused(callback, 'not_found')).toBe(0);
    expect((await office.asPerson('GET', '/connections')).json).toMatchObject({ items: [{ status: 'disconnected' }] });
  });

  it('a launch for a connection that was disconnected begins nothing', async () => {
    await office.asPerson('DELETE', `/connections/${office.connectionId}`);
    const answer = await office.asPerson(
      'GET',
      `/oauth/launch/gmail?connection_id=${office.connectionId}&capabilities=email.read`,
    );
    expect(answer.json).toMatchObject({ code: 'not_found' });
  });
});

describe('accounts', () => {
  it('are several of one provider, each with a connection of its own', async () => {
    const other = await harness.surroundings.sandbox.createAccount('gmail');
    const connected = await browser.consent(await launch(), { team: other });
    expect(connected.json['connection_id']).not.toBe(office.connectionId);
    const { json } = await office.asPerson('GET', '/connections');
    expect((json['items'] as { account_id: string }[]).map((one) => one.account_id).toSorted()).toEqual(
      [office.team, other].toSorted(),
    );
  });
});

describe('row 32: what stands in an address', () => {
  it('is no token, and what it holds is never logged', async () => {
    const token = await harness.surroundings.personToken({ user_id: office.initiator, org_id: office.orgId, role: 'operator' });
    for (const name of ['access_token', 'token', 'authorization', 'bearer']) {
      const answer = await hub.app.inject({ url: `/connections?${name}=${token}` });
      expect(answer.statusCode).toBe(401);
    }
    const callback = await callbackOf();
    await browser.open(callback.href);
    const logged = harness.traces.filter((trace) => trace.startsWith('{"level":')).join('\n');
    expect(logged).toContain('"msg"');
    const secrets = [token, callback.searchParams.get('code') ?? '', callback.searchParams.get('state') ?? ''];
    expect(secrets.filter((secret) => logged.includes(secret))).toEqual([]);
  });
});
