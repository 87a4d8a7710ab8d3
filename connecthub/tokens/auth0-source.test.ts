import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { ProviderRefusal } from '../providers/refusal.ts';
import { createAuth0Source } from './auth0-source.ts';
import type { VaultSubject } from './auth0.ts';
import type { ConnectionToken } from './connection-token.ts';

const ROW: ConnectionToken = {
  connectionId: 'conn_1',
  provider: 'gmail',
  accountId: 'ada@example.com',
  status: 'active',
  auth0Connection: 'google-oauth2',
  accessToken: null,
  refreshToken: 'sealed',
  version: 1,
  leftMs: null,
  dueMs: null,
  blockedMs: 0,
  isRefreshing: false,
};
const AWAY = { code: 'provider_unavailable', reason: 'http_503', retryable: true } as const;
const GONE = { code: 'oauth_failed', reason: 'invalid_grant', retryable: false, grant: 'dead' } as const;

/** Tokens that live for a hundred seconds, at a clock of ours. */
function setUp() {
  const asked: VaultSubject[] = [];
  const dead: string[] = [];
  let nowMs = 0;
  let refusal: ConstructorParameters<typeof ProviderRefusal>[0] | undefined;
  const source = createAuth0Source({
    secretBox: { open: async (place, sealed) => `${place.field} of ${sealed}` },
    exchange: async (subject) => {
      asked.push(subject);
      if (refusal) throw new ProviderRefusal(refusal);
      return { accessToken: randomBytes(8).toString('hex'), expiresInSeconds: 100, scopes: [] };
    },
    markDead: async (_orgId, _row, reason) => dead.push(reason),
    onToken: () => undefined,
    now: () => nowMs,
  });
  return {
    current: (row = ROW) => source.current('org_a', row),
    atHand: (row = ROW) => source.atHand('org_a', row),
    asked,
    dead,
    at: (ms: number) => void (nowMs = ms),
    answer: (next?: typeof refusal) => void (refusal = next),
  };
}

test('a token serves until three quarters of its life are over', async () => {
  const { current, atHand, at, asked } = setUp();
  const first = await current();
  expect(asked).toEqual([{ connection: 'google-oauth2', refreshToken: 'refresh_token of sealed' }]);
  at(74_999);
  expect(atHand()).toEqual(first);
  expect(await current()).toEqual(first);
  at(75_000);
  expect(atHand()).toBeUndefined();
  expect(await current()).not.toEqual(first);
});

test('while Auth0 is away it serves to its end, and Auth0 is asked every three seconds', async () => {
  const { current, at, asked, answer } = setUp();
  const first = await current();
  answer(AWAY);
  at(80_000);
  expect(await current()).toEqual(first);
  at(82_999);
  expect(await current()).toEqual(first);
  expect(asked).toHaveLength(2);
  at(95_001);
  await expect(current()).rejects.toMatchObject({ code: 'provider_unavailable' });
  answer();
  at(98_002);
  expect(await current()).not.toEqual(first);
});

test('a refresh token that is gone needs a person at once', async () => {
  const { current, at, answer, dead } = setUp();
  await current();
  answer(GONE);
  at(75_000);
  await expect(current()).rejects.toMatchObject({ code: 'connection_needs_reauth' });
  expect(dead).toEqual(['invalid_grant']);
});

test.each([
  ['another refresh token', { refreshToken: 'other' }],
  ['another version', { version: 2 }],
])('a row with %s has no token at hand', async (_what, change) => {
  const { current, atHand } = setUp();
  await current();
  expect(atHand({ ...ROW, ...change })).toBeUndefined();
});

test.each([
  ['needs_reauth', 'connection_needs_reauth'],
  ['disconnected', 'connection_missing'],
] as const)('a connection that is %s gets none', async (status, code) => {
  const { current, asked } = setUp();
  await expect(current({ ...ROW, status })).rejects.toMatchObject({ code });
  expect(asked).toEqual([]);
});
