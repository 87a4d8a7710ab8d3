import { describe, expect, it } from 'vitest';
import { readGoogleAnswer } from './answers.ts';

const failure = (reason: string, more = {}) =>
  JSON.stringify({ error: { code: 400, message: 'No.', errors: [{ reason }], ...more } });
const read = (status: number, body: string, headers: { [name: string]: string } = {}) =>
  readGoogleAnswer({ status, headers, body });

describe('an answer of Google', () => {
  it('is what it says at 2xx', () => {
    expect(read(200, '{"id":"1"}')).toEqual({ kind: 'ok', body: { id: '1' } });
  });

  it.each([
    ['a page of something in between', 200, '<html>'],
    ['nothing', 200, ''],
    ['a list', 200, '[]'],
    ['a failure that says 200', 200, failure('backendError')],
    ['no content', 204, ''],
  ])('tells nothing: %s', (_name, status, body) => {
    expect(read(status, body)).toEqual({ kind: 'uncertain', reason: 'unreadable_answer', isOver: true });
  });

  it.each([
    [500, true],
    [503, true],
    [302, true],
    [502, false],
    [504, false],
    [408, false],
  ])('%i may have done it; over: %s', (status, isOver) => {
    expect(read(status, failure('backendError'))).toEqual({ kind: 'uncertain', reason: `http_${status}`, isOver });
  });

  it('at 401 is an access token that ended: a refresh tells whether the grant has too', () => {
    expect(read(401, failure('authError'))).toMatchObject({
      kind: 'refused',
      code: 'provider_unavailable',
      reason: 'auth_error',
      grant: 'expired',
      retryable: true,
    });
    expect(read(401, '')).toMatchObject({ reason: 'auth_error', grant: 'expired' });
  });

  it.each([
    [403, 'rateLimitExceeded', 'rate_limit_exceeded'],
    [403, 'userRateLimitExceeded', 'user_rate_limit_exceeded'],
    [403, 'dailyLimitExceeded', 'daily_limit_exceeded'],
    [403, 'quotaExceeded', 'quota_exceeded'],
    [429, 'rateLimitExceeded', 'rate_limit_exceeded'],
  ])('%i %s asks to slow down, for a minute where it does not say how long', (status, word, reason) => {
    expect(read(status, failure(word))).toEqual({
      kind: 'refused',
      code: 'provider_rate_limited',
      reason,
      retryable: true,
      retryAfterMs: 60_000,
    });
    expect(read(status, failure(word), { 'retry-after': '7' })).toMatchObject({ retryAfterMs: 7_000 });
    expect(read(status, failure(word), { 'retry-after': 'soon' })).toMatchObject({ retryAfterMs: 60_000 });
  });

  it('at 429 is a limit whatever the body says', () => {
    expect(read(429, '<html>')).toMatchObject({ code: 'provider_rate_limited' });
  });

  it.each([
    ['the old list', failure('insufficientPermissions'), 'insufficient_permissions'],
    [
      'the new details',
      failure('forbidden', { status: 'PERMISSION_DENIED', details: [{ reason: 'ACCESS_TOKEN_SCOPE_INSUFFICIENT' }] }),
      'access_token_scope_insufficient',
    ],
  ])('wants a scope, by %s', (_name, body, reason) => {
    expect(read(403, body)).toEqual({ kind: 'refused', code: 'scope_missing', reason, retryable: true });
  });

  it.each([
    [400, failure('invalidArgument'), 'invalid_argument', false],
    [400, failure('failedPrecondition'), 'failed_precondition', false],
    [404, failure('notFound'), 'not_found', false],
    [413, '', 'http_413', false],
    [403, failure('domainPolicy'), 'domain_policy', true],
    [403, '<html>', 'http_403', true],
    [409, failure('aborted'), 'aborted', true],
    [400, JSON.stringify({ error: { status: 'INVALID_ARGUMENT' } }), 'invalid_argument', false],
    [400, failure('ya29.a0_secret-looking word'), 'unreadable_answer', false],
  ])('%i is a refusal: %s', (status, body, reason, retryable) => {
    expect(read(status, body)).toEqual({ kind: 'refused', code: 'provider_refused', reason, retryable });
  });
});
