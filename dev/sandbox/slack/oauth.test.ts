import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ALL_SCOPES, CLIENT, REDIRECT_URI, startHarness } from '../testing.ts';
import type { Harness } from '../testing.ts';
import { HOME_TEAM } from './workspaces.ts';

describe('Slack OAuth in the sandbox', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.sandbox.close());

  const newCode = async (team?: string) => {
    const location = await h.control.authorize(h.authorizeUrl(), team === undefined ? {} : { team });
    return new URL(location).searchParams.get('code') ?? '';
  };

  it('sends the browser back at once with a code and the state', async () => {
    const location = new URL(await h.control.authorize(h.authorizeUrl({ state: 'xyz' })));
    expect(`${location.origin}${location.pathname}`).toBe(REDIRECT_URI);
    expect(location.searchParams.get('state')).toBe('xyz');
    expect(location.searchParams.get('code')).toMatch(/^\d+\.[0-9a-f]{64}$/);
  });

  it('sends access_denied back when the person refuses', async () => {
    const location = new URL(await h.control.authorize(h.authorizeUrl(), { deny: true }));
    expect(location.searchParams.get('error')).toBe('access_denied');
    expect(location.searchParams.get('state')).toBe('s-1');
    expect(location.searchParams.has('code')).toBe(false);
  });

  it.each([
    ['another client', { client_id: 'other' }, 'invalid_client_id'],
    ['an address that is not on this machine', { redirect_uri: 'https://evil.example/cb' }, 'bad_redirect_uri'],
    ['a redirect address that is none', { redirect_uri: 'nowhere' }, 'invalid_arguments'],
    ['a scope Slack does not have', { scope: 'chat:write,coffee:make' }, 'invalid_scope: coffee:make'],
    ['no scope at all', { scope: '' }, 'invalid_scope'],
    ['a parameter it does not know', { scopes: 'chat:write' }, 'invalid_arguments'],
  ])('shows an error page and redirects nowhere for %s', async (_name, query, problem) => {
    const response = await fetch(h.authorizeUrl(query), { redirect: 'manual' });
    expect(response.status).toBe(400);
    expect(response.headers.has('location')).toBe(false);
    expect(await response.text()).toContain(problem);
  });

  it('answers an exchange in the documented shape, bot token at the top and user token nested', async () => {
    const { body, team } = await h.install(['chat:write', 'users:read'], ['channels:history']);
    expect(body).toEqual({
      ok: true,
      access_token: expect.stringMatching(/^xoxe\.xoxb-1-/),
      token_type: 'bot',
      scope: 'chat:write,users:read',
      refresh_token: expect.stringMatching(/^xoxe-1-/),
      expires_in: 43_200,
      bot_user_id: 'U0CLANCY01',
      app_id: 'A0CLANCY01',
      team: { id: team, name: 'Millrace Bindery' },
      enterprise: null,
      is_enterprise_install: false,
      authed_user: {
        id: 'U0PIOTR001',
        scope: 'channels:history',
        access_token: expect.stringMatching(/^xoxe\.xoxp-1-/),
        token_type: 'user',
        refresh_token: expect.stringMatching(/^xoxe-1-/),
        expires_in: 43_200,
      },
    });
  });

  it('gives tokens that never expire, without a refresh token, when rotation is off', async () => {
    const { team } = await h.control.createTeam();
    await h.control.changeSettings(team, { rotation: false });
    const { body } = await h.exchange({ code: await newCode(team), redirect_uri: REDIRECT_URI });
    expect(body['access_token']).toMatch(/^xoxb-/);
    expect(body).not.toHaveProperty('refresh_token');
    expect(body).not.toHaveProperty('expires_in');
  });

  it('takes the client by HTTP Basic as well', async () => {
    const { body } = await h.exchange({ code: await newCode(), redirect_uri: REDIRECT_URI }, 'basic');
    expect(body['ok']).toBe(true);
  });

  it('takes form-encoded credentials in HTTP Basic, as RFC 6749 wants them', async () => {
    const encoded = `${CLIENT.clientId.replace('.', '%2E')}:${CLIENT.clientSecret.replaceAll('-', '%2D')}`;
    const response = await fetch(`${h.sandbox.url}/slack/api/oauth.v2.access`, {
      method: 'POST',
      headers: { authorization: `Basic ${Buffer.from(encoded).toString('base64')}` },
      body: new URLSearchParams({ code: await newCode(), redirect_uri: REDIRECT_URI }),
    });
    expect(await response.json()).toMatchObject({ ok: true });
  });

  it('leads every walk that names no workspace to the same one', async () => {
    const [one, two] = await Promise.all(
      [await newCode(), await newCode()].map((code) => h.exchange({ code, redirect_uri: REDIRECT_URI })),
    );
    expect(one?.body['team']).toMatchObject({ id: HOME_TEAM });
    expect(two?.body['team']).toEqual(one?.body['team']);
  });

  it('spends a code once', async () => {
    const code = await newCode();
    await h.exchange({ code, redirect_uri: REDIRECT_URI });
    const { body } = await h.exchange({ code, redirect_uri: REDIRECT_URI });
    expect(body).toEqual({ ok: false, error: 'code_already_used' });
  });

  it('binds a code to its redirect address', async () => {
    const code = await newCode();
    expect((await h.exchange({ code, redirect_uri: `${REDIRECT_URI}/other` })).body['error']).toBe('bad_redirect_uri');
    expect((await h.exchange({ code })).body['error']).toBe('bad_redirect_uri');
    expect((await h.exchange({ code, redirect_uri: REDIRECT_URI })).body['ok']).toBe(true);
  });

  it.each([
    ['an unknown code', { code: 'nope', redirect_uri: REDIRECT_URI }, 'invalid_code'],
    ['another client', { code: 'nope', client_id: 'other' }, 'invalid_client_id'],
    ['a wrong secret', { code: 'nope', client_secret: 'wrong' }, 'bad_client_secret'],
    ['another grant type', { grant_type: 'password' }, 'invalid_grant_type'],
    ['an unknown refresh token', { grant_type: 'refresh_token', refresh_token: 'xoxe-1-x' }, 'invalid_refresh_token'],
    ['a field it does not know', { scope: 'chat:write' }, 'invalid_arg_name'],
  ])('refuses %s with HTTP 200 and a word', async (_name, fields: Record<string, string>, error) => {
    const reply = await h.exchange(fields);
    expect(reply.status).toBe(200);
    expect(reply.body).toMatchObject({ ok: false, error });
  });

  it('expires a code after ten minutes', async () => {
    let nowMs = Date.now();
    const later = await startHarness({ now: () => nowMs });
    const location = await later.control.authorize(later.authorizeUrl());
    nowMs += 600_000;
    const code = new URL(location).searchParams.get('code') ?? '';
    const { body } = await later.exchange({ code, redirect_uri: REDIRECT_URI });
    await later.sandbox.close();
    expect(body['error']).toBe('invalid_code');
  });

  it('rotates: a refresh gives a new pair and spends the refresh token', async () => {
    const { refreshToken, token, team } = await h.install();
    const refreshed = await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(refreshed.body).toMatchObject({
      ok: true,
      token_type: 'bot',
      scope: ALL_SCOPES.join(','),
      expires_in: 43_200,
      team: { id: team },
    });
    expect(refreshed.body['access_token']).not.toBe(token);
    expect(refreshed.body['refresh_token']).not.toBe(refreshToken);
    const again = await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(again.body).toEqual({ ok: false, error: 'invalid_refresh_token' });
    expect((await h.call('auth.test', String(refreshed.body['access_token']))).body['ok']).toBe(true);
  });

  it('refreshes a user token as a user token', async () => {
    const { body } = await h.install(['chat:write'], ['channels:history']);
    const user = body['authed_user'];
    const refreshToken = String(Object(user).refresh_token);
    const refreshed = await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(refreshed.body).toMatchObject({ token_type: 'user', user_id: 'U0PIOTR001', scope: 'channels:history' });
  });

  it('lets a token expire after the lifetime that the control surface set', async () => {
    let nowMs = Date.now();
    const timed = await startHarness({ now: () => nowMs });
    const { team } = await timed.control.createTeam();
    await timed.control.changeSettings(team, { expires_in: 60 });
    const location = new URL(await timed.control.authorize(timed.authorizeUrl(), { team }));
    const { body } = await timed.exchange({ code: location.searchParams.get('code') ?? '', redirect_uri: REDIRECT_URI });
    const token = String(body['access_token']);
    expect(body['expires_in']).toBe(60);
    expect((await timed.call('auth.test', token)).body).toMatchObject({ ok: true, expires_in: 60 });
    nowMs += 60_000;
    expect((await timed.call('auth.test', token)).body['error']).toBe('token_expired');
    await timed.sandbox.close();
  });

  it('keeps client secret, code and tokens out of the request log', async () => {
    const { team, token, refreshToken } = await h.install();
    await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
    await h.call('auth.test', null, { token }, 'form');
    const log = JSON.stringify(await h.control.requests(team));
    expect(log).toContain('oauth.v2.access');
    for (const secret of [CLIENT.clientSecret, token, refreshToken]) expect(log).not.toContain(secret);
  });
});
