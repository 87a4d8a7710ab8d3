import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness } from '../testing.ts';
import type { Harness } from '../testing.ts';

describe('the Web API in general', () => {
  let h: Harness;
  beforeAll(async () => {
    h = await startHarness();
  });
  afterAll(() => h.sandbox.close());

  const post = (token: string, headers: Record<string, string>, body: string) =>
    fetch(`${h.sandbox.url}/slack/api/chat.postMessage`, {
      method: 'POST',
      headers: { ...headers, authorization: `Bearer ${token}` },
      body,
    });

  it('says unknown_method at HTTP 200', async () => {
    const reply = await h.call('chat.postMesage', null);
    expect(reply.status).toBe(200);
    expect(reply.body).toEqual({ ok: false, error: 'unknown_method', req_method: 'chat.postMesage' });
  });

  it('tells apart no token, a wrong one, an expired one and a revoked one', async () => {
    const { team, token, refreshToken } = await h.install();
    expect((await h.call('auth.test', null)).body['error']).toBe('not_authed');
    expect((await h.call('auth.test', 'xoxb-nope')).body['error']).toBe('invalid_auth');
    expect((await h.call('auth.test', refreshToken)).body['error']).toBe('invalid_auth');
    await h.control.expireTokens(team);
    expect((await h.call('auth.test', token)).body['error']).toBe('token_expired');
    await h.control.revokeTokens(team);
    expect((await h.call('auth.test', token)).body['error']).toBe('token_revoked');
    const refreshed = await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(refreshed.body['error']).toBe('invalid_refresh_token');
  });

  it('can refresh after its tokens were made to expire', async () => {
    const { team, refreshToken } = await h.install();
    await h.control.expireTokens(team);
    const { body } = await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect((await h.call('auth.test', String(body['access_token']))).body['ok']).toBe(true);
  });

  it('tells whose token it is', async () => {
    const { team, token } = await h.install();
    const { body } = await h.call('auth.test', token);
    expect(body).toMatchObject({
      ok: true,
      team_id: team,
      team: 'Millrace Bindery',
      user: 'clancy',
      user_id: 'U0CLANCY01',
      bot_id: 'B0CLANCY01',
      is_enterprise_install: false,
    });
  });

  it('revokes access and refresh token by auth.revoke, and neither with test=1', async () => {
    const { team, token, refreshToken } = await h.install();
    expect((await h.call('auth.revoke', token, { test: '1' }, 'query')).body).toEqual({ ok: true, revoked: false });
    expect((await h.call('auth.revoke', token, {}, 'query')).body).toEqual({ ok: true, revoked: true });
    expect((await h.call('auth.test', token)).body['error']).toBe('token_revoked');
    const refreshed = await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken });
    expect(refreshed.body['error']).toBe('invalid_refresh_token');
    expect((await h.control.effects(team)).map((effect) => effect.method)).toEqual(['auth.revoke']);
  });

  it('takes arguments as JSON, as a form and in the query, and the token as a field', async () => {
    const { token } = await h.install();
    for (const as of ['json', 'form', 'query'] as const) {
      const { body } = await h.call('conversations.history', token, { channel: 'C0GENERAL1', limit: 1 }, as);
      expect(body).toMatchObject({ ok: true, has_more: true });
    }
    expect((await h.call('auth.test', null, { token }, 'form')).body['ok']).toBe(true);
  });

  it.each([
    ['broken JSON', 'application/json', '{"channel":', 'invalid_json'],
    ['a JSON list', 'application/json', '[]', 'json_not_object'],
    ['another type of body', 'text/xml', '<a/>', 'invalid_post_type'],
    ['an argument it does not know', 'application/json', '{"channel":"C0GENERAL1","txt":"hi"}', 'invalid_arg_name'],
    ['a missing argument', 'application/json', '{"text":"hi"}', 'invalid_arguments'],
  ])('refuses %s', async (_name, type, payload, error) => {
    const { token, team } = await h.install();
    const response = await post(token, { 'content-type': type }, payload);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ ok: false, error });
    expect(await h.control.effects(team)).toEqual([]);
  });

  it.each([
    ['chat.postMessage', { channel: 'C0GENERAL1', text: 'hi' }, 'chat:write'],
    ['conversations.open', { users: 'U0DANA0001' }, 'im:write,mpim:write'],
    ['conversations.history', { channel: 'C0GENERAL1' }, 'channels:history,groups:history,im:history,mpim:history'],
    ['conversations.replies', { channel: 'C0GENERAL1', ts: '1.1' }, 'channels:history,groups:history,im:history,mpim:history'],
    ['conversations.list', {}, 'channels:read,groups:read,mpim:read,im:read'],
    ['users.list', {}, 'users:read'],
    ['users.lookupByEmail', { email: 'dana@millrace.example' }, 'users:read.email'],
    ['reactions.add', { channel: 'C0GENERAL1', timestamp: '1.1', name: 'eyes' }, 'reactions:write'],
    ['reactions.get', { channel: 'C0GENERAL1', timestamp: '1.1' }, 'reactions:read'],
  ])('wants a scope for %s and names it', async (method, args, needed) => {
    const { token } = await h.install(['chat:write.public']);
    const reply = await h.call(method, token, args);
    expect(reply.body).toEqual({ ok: false, error: 'missing_scope', needed, provided: 'chat:write.public' });
    expect(reply.headers.get('x-oauth-scopes')).toBe('chat:write.public');
  });

  it('keeps workspaces apart', async () => {
    const [one, two] = [await h.install(), await h.install()];
    await h.call('chat.postMessage', one.token, { channel: 'C0DIGEST01', text: 'only in one' });
    const { body } = await h.call('conversations.history', two.token, { channel: 'C0DIGEST01' });
    expect(body['messages']).toEqual([]);
    expect(await h.control.effects(two.team)).toEqual([]);
    expect(await h.control.effects(one.team)).toHaveLength(1);
  });
});
