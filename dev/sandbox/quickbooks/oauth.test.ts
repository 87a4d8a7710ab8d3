import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { REDIRECT_URI, startQuickBooks } from './testing.ts';
import type { QuickBooksHarness } from './testing.ts';

let h: QuickBooksHarness;
beforeAll(async () => {
  h = await startQuickBooks();
});
afterAll(() => h.sandbox.close());

const refresh = (value: string) => h.exchange({ grant_type: 'refresh_token', refresh_token: value });

describe('connecting a company', () => {
  it('names it in the callback, and nowhere in the token answer', async () => {
    const { realm, callback, body } = await h.connect();
    expect(callback.searchParams.get('realmId')).toBe(realm);
    expect(callback.searchParams.get('state')).toBe('s-1');
    expect(body).toMatchObject({ token_type: 'bearer', expires_in: 3600, x_refresh_token_expires_in: 8_640_000 });
    expect(JSON.stringify(body)).not.toContain(realm);
  });

  it('sends the person who declines back without a code', async () => {
    const callback = new URL(await h.control.authorize(h.authorizeUrl(), { deny: true }));
    expect([callback.searchParams.get('error'), callback.searchParams.get('code')]).toEqual(['access_denied', null]);
  });

  it.each([
    ['a client it does not know', { client_id: 'other' }],
    ['a redirect to another machine', { redirect_uri: 'https://example.com/callback' }],
    ['another scope', { scope: 'openid' }],
  ])('shows %s a page', async (_what, query) => {
    await expect(h.control.authorize(h.authorizeUrl(query))).rejects.toThrow('answered 400');
  });

  it('takes a code once, at its own address', async () => {
    const { callback } = await h.connect();
    const code = callback.searchParams.get('code') ?? '';
    const again = await h.exchange({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });
    expect([again.status, again.body]).toEqual([400, { error: 'invalid_grant' }]);
  });

  it('wants the client’s secret', async () => {
    const { refreshToken } = await h.connect();
    const answer = await h.exchange({ grant_type: 'refresh_token', refresh_token: refreshToken }, 'wrong');
    expect([answer.status, answer.body]).toEqual([401, { error: 'invalid_client' }]);
  });
});

describe('refreshing', () => {
  it('changes the refresh token, whose old value is then invalid_grant', async () => {
    const { refreshToken } = await h.connect();
    const first = await refresh(refreshToken);
    expect(first.body['refresh_token']).not.toBe(refreshToken);
    expect(await refresh(refreshToken)).toMatchObject({ status: 400, body: { error: 'invalid_grant' } });
    expect((await refresh(String(first.body['refresh_token']))).status).toBe(200);
  });

  it('is over once the grant is revoked', async () => {
    const { realm, refreshToken } = await h.connect();
    await h.control.revokeTokens(realm);
    expect(await refresh(refreshToken)).toMatchObject({ body: { error: 'invalid_grant' } });
  });
});
