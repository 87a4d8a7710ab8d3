import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { READ, SEND } from './scopes.ts';
import { REDIRECT_URI, VERIFIER, startGmailHarness } from './testing.ts';
import type { GmailHarness } from './testing.ts';

let h: GmailHarness;
beforeAll(async () => {
  h = await startGmailHarness();
});
afterAll(() => h.close());

const codeFrom = async (query = {}) => new URL(await h.control.authorize(h.authorizeUrl(query))).searchParams.get('code') ?? '';
const exchange = (code: string, changes = {}) =>
  h.token({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI, code_verifier: VERIFIER, ...changes });

describe('Google’s consent page', () => {
  it.each([
    ['another client', { client_id: 'other' }, 'invalid_client'],
    ['a redirect off this machine', { redirect_uri: 'https://evil.example/' }, 'redirect_uri_mismatch'],
    ['an unknown scope', { scope: 'https://www.googleapis.com/auth/drive' }, 'invalid_scope'],
    ['no challenge', { code_challenge: undefined }, 'code_challenge'],
    ['a plain challenge', { code_challenge_method: 'plain' }, 'code_challenge_method'],
    ['a misspelt parameter', { acces_type: 'offline' }, 'acces_type'],
  ])('refuses %s', async (_name, query, word) => {
    const page = await fetch(h.authorizeUrl(query), { redirect: 'manual' });
    expect([page.status, await page.text()]).toEqual([400, expect.stringContaining(word)]);
  });

  it('sends back a person who denies', async () => {
    const location = new URL(await h.control.authorize(h.authorizeUrl(), { deny: true }));
    expect(Object.fromEntries(location.searchParams)).toEqual({ state: 's-1', error: 'access_denied' });
  });
});

describe('Google’s token endpoint', () => {
  it('gives tokens, the scopes that were left ticked, and who it is', async () => {
    const { mailbox, body } = await h.connect({ untick: [READ] });
    expect(body).toMatchObject({ token_type: 'Bearer', expires_in: 3_600, access_token: expect.stringMatching(/^ya29\./) });
    const scopes = String(body['scope']).split(' ');
    expect(scopes).toContain(SEND);
    expect(scopes).not.toContain(READ);
    const claims: unknown = JSON.parse(Buffer.from(String(body['id_token']).split('.')[1] ?? '', 'base64url').toString());
    expect(claims).toMatchObject({ email: mailbox, email_verified: true, iss: new URL(h.url).origin });
  });

  it.each([
    ['another verifier', { code_verifier: 'a'.repeat(43) }, 'invalid_grant'],
    ['no verifier', { code_verifier: '' }, 'invalid_grant'],
    ['another redirect', { redirect_uri: `${REDIRECT_URI}/x` }, 'redirect_uri_mismatch'],
    ['another secret', { client_secret: 'google-client-secreT' }, 'invalid_client'],
    ['another grant type', { grant_type: 'password' }, 'unsupported_grant_type'],
    ['a misspelt field', { verifier: VERIFIER }, 'invalid_request'],
  ])('refuses %s', async (_name, changes, error) => {
    expect((await exchange(await codeFrom(), changes)).body).toMatchObject({ error });
  });

  it('takes a code once', async () => {
    const code = await codeFrom();
    expect((await exchange(code)).status).toBe(200);
    expect((await exchange(code)).body).toMatchObject({ error: 'invalid_grant' });
  });

  it('gives no refresh token to who did not ask for offline access with consent', async () => {
    expect((await exchange(await codeFrom({ prompt: undefined }))).body).not.toHaveProperty('refresh_token');
  });

  it('refreshes without telling the refresh token again, until the grant is revoked', async () => {
    const { mailbox, token, refreshToken } = await h.connect();
    const refresh = () => h.token({ grant_type: 'refresh_token', refresh_token: refreshToken });
    const { body } = await refresh();
    expect(body).toMatchObject({ access_token: expect.not.stringMatching(token) });
    expect(body).not.toHaveProperty('refresh_token');
    await h.control.expireTokens(mailbox);
    expect((await h.api(token, 'profile')).status).toBe(401);
    expect((await refresh()).status).toBe(200);
    expect((await h.revoke(token)).status).toBe(200);
    expect((await refresh()).body).toMatchObject({ error: 'invalid_grant' });
    expect((await h.revoke(token)).body).toEqual({ error: 'invalid_token' });
  });
});
