import { describe, expect, it } from 'vitest';
import { readGitHubAnswer } from './answers.ts';

const answer = (status: number, body: unknown, headers: { [name: string]: string } = {}) =>
  readGitHubAnswer({ status, headers, body: JSON.stringify(body) });
const no = (status: number, message: string, headers: { [name: string]: string } = {}) => answer(status, { message }, headers);

describe('an answer of GitHub', () => {
  it('is an object, or a list with the number of the next page', () => {
    expect(answer(201, { number: 1 })).toEqual({ kind: 'ok', body: { number: 1 } });
    const link = '<https://api.github.com/x?per_page=2&page=3>; rel="next", <https://api.github.com/x?page=9>; rel="last"';
    expect(answer(200, [{ a: 1 }], { link })).toEqual({ kind: 'ok', body: { items: [{ a: 1 }], next_page: 3 } });
    const last = '<https://api.github.com/x?page=1>; rel="first"';
    expect(answer(200, [], { link: last })).toEqual({ kind: 'ok', body: { items: [] } });
    expect(readGitHubAnswer({ status: 200, headers: {}, body: '<html>' })).toMatchObject({ kind: 'uncertain', isOver: true });
  });

  it.each([
    [401, 'bad_credentials', true],
    [404, 'not_found', true],
    [409, 'conflict', true],
    [410, 'gone', false],
    [422, 'validation_failed', false],
    [307, 'moved', false],
    [400, 'http_400', false],
  ])('is a no at %d', (status, reason, retryable) => {
    expect(no(status, 'x')).toMatchObject({ kind: 'refused', reason, retryable });
  });

  it.each([
    [500, true],
    [502, false],
    [504, false],
    [408, false],
  ])('says nothing at %d', (status, isOver) => expect(no(status, 'x')).toMatchObject({ kind: 'uncertain', isOver }));

  it('tells a missing permission from a missing right', () => {
    expect(no(403, 'Resource not accessible by integration')).toMatchObject({ code: 'scope_missing' });
    expect(no(403, 'Must have push access')).toMatchObject({ code: 'provider_refused', reason: 'forbidden' });
    expect(no(401, 'Bad credentials')).toMatchObject({ grant: 'expired' });
  });

  it('tells how long to wait, by GitHub’s own clock', () => {
    const date = 'Mon, 23 Nov 2026 20:00:00 GMT';
    const reset = String(Date.parse(date) / 1_000 + 90);
    const primary = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': reset, date };
    expect(no(403, 'API rate limit exceeded', primary)).toMatchObject({ reason: 'rate_limit', retryAfterMs: 90_000 });
    expect(no(429, 'x', { 'retry-after': '7' })).toMatchObject({ reason: 'secondary_rate_limit', retryAfterMs: 7_000 });
    expect(no(403, 'x', { 'retry-after': '7' })).toMatchObject({ code: 'provider_rate_limited', retryAfterMs: 7_000 });
    expect(no(403, 'You have exceeded a secondary rate limit.')).toMatchObject({ retryAfterMs: 60_000 });
    expect(no(403, 'x', { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': 'soon' })).toMatchObject({ retryAfterMs: 60_000 });
    expect(no(403, 'x', { 'x-ratelimit-remaining': '4' })).toMatchObject({ reason: 'forbidden' });
  });
});
