import { describe, expect, it } from 'vitest';
import { readSlackAnswer } from './answers.ts';

const answer = (status: number, body: unknown, headers: { [name: string]: string } = {}) =>
  readSlackAnswer({ status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });
const failure = (error: string) => answer(200, { ok: false, error });

describe('an answer of Slack', () => {
  it('is a yes only where it says so', () => {
    expect(answer(200, { ok: true, ts: '1.0' })).toEqual({ kind: 'ok', body: { ok: true, ts: '1.0' } });
    for (const body of ['', '<html>', '[]', 'null', '{"ok":"true"}', '{}', '{"ok":true']) {
      expect(answer(200, body)).toEqual({ kind: 'uncertain', reason: 'unreadable_answer', isOver: true });
    }
  });

  it.each([500, 502, 503, 301, 302])('with status %i does not tell what happened', (status) => {
    expect(answer(status, { ok: false, error: 'channel_not_found' })).toMatchObject({ kind: 'uncertain' });
  });

  it.each([408, 502, 504])('with status %i leaves open even whether Slack is still at it', (status) => {
    expect(answer(status, 'upstream timed out')).toEqual({ kind: 'uncertain', reason: `http_${status}`, isOver: false });
    expect(answer(500, '')).toMatchObject({ isOver: true });
  });

  it('with another status of 400 and more says that nothing was done', () => {
    expect(answer(404, '')).toMatchObject({ kind: 'refused', reason: 'http_404' });
    expect(answer(408, { ok: false, error: 'channel_not_found' })).toMatchObject({ reason: 'channel_not_found' });
  });

  it.each(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout'])(
    '%s does not tell what happened',
    (word) => {
      expect(failure(word)).toEqual({ kind: 'uncertain', reason: word, isOver: true });
    },
  );

  it.each([
    [{ 'retry-after': '12' }, 12_000],
    [{ 'retry-after': '0' }, 1_000],
    [{ 'retry-after': 'soon' }, 30_000],
    [{}, 30_000],
  ])('429 with %o means to wait', (headers, retryAfterMs) => {
    expect(answer(429, 'slow down', headers)).toMatchObject({
      kind: 'refused',
      code: 'provider_rate_limited',
      retryable: true,
      retryAfterMs,
    });
    expect(answer(200, { ok: false, error: 'ratelimited' }, headers)).toMatchObject({
      code: 'provider_rate_limited',
      retryAfterMs,
    });
  });

  it.each(['invalid_auth', 'token_revoked', 'account_inactive', 'not_authed', 'invalid_refresh_token'])(
    '%s is a dead grant',
    (word) => {
      expect(failure(word)).toMatchObject({ kind: 'refused', code: 'connection_needs_reauth', grant: 'dead', retryable: true });
    },
  );

  it('token_expired wants a refresh', () => {
    expect(failure('token_expired')).toMatchObject({ kind: 'refused', grant: 'expired', retryable: true });
  });

  it('missing_scope is no dead grant', () => {
    expect(failure('missing_scope')).toEqual({
      kind: 'refused',
      code: 'scope_missing',
      reason: 'missing_scope',
      retryable: true,
    });
  });

  it('is final where only other parameters would help', () => {
    expect(failure('msg_too_long')).toMatchObject({ code: 'provider_refused', retryable: false });
    expect(failure('channel_not_found')).toMatchObject({ code: 'provider_refused', retryable: true });
  });

  it('is never repeated word for word', () => {
    expect(failure('<script>xoxb-123</script>')).toMatchObject({ reason: 'unreadable_answer' });
    expect(failure('x'.repeat(81))).toMatchObject({ reason: 'unreadable_answer' });
  });
});
