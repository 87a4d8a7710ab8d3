import { describe, expect, it } from 'vitest';
import { isDue, isUsable, refreshAfterSeconds } from './life.ts';

const HOUR_MS = 3_600_000;
/** A token of an hour that ends in so many milliseconds. */
const hourly = (leftMs: number) => ({ leftMs, dueMs: leftMs - HOUR_MS / 4, refreshToken: 'sealed' });

describe('the life of a token', () => {
  it('is over for a refresh at three quarters, each at another moment', () => {
    expect(refreshAfterSeconds(1_000, 0)).toBe(700);
    expect(refreshAfterSeconds(1_000, 0.5)).toBe(750);
    expect(refreshAfterSeconds(1_000, 1)).toBe(800);
  });

  it.each([
    ['in its first three quarters', hourly(HOUR_MS / 2), false, true],
    ['in its last', hourly(HOUR_MS / 8), true, true],
    ['in its last seconds', hourly(5_000), true, false],
    ['over', hourly(-1), true, false],
    ['of seconds, in its last quarter', { leftMs: 500, dueMs: -500, refreshToken: 'sealed' }, true, true],
    ['of seconds, at its end', { leftMs: 300, dueMs: -700, refreshToken: 'sealed' }, true, false],
    ['without end', { leftMs: null, dueMs: null, refreshToken: null }, false, true],
    ['of unknown length, with a minute and more', { leftMs: 61_000, dueMs: null, refreshToken: 'sealed' }, false, true],
    ['of unknown length, with less than a minute', { leftMs: 59_000, dueMs: null, refreshToken: 'sealed' }, true, true],
    ['whose end was moved before its refresh', { leftMs: 4_000, dueMs: HOUR_MS, refreshToken: 'sealed' }, true, false],
    ['in its last quarter without a refresh token', { ...hourly(HOUR_MS / 8), refreshToken: null }, false, true],
    ['over without a refresh token', { ...hourly(0), refreshToken: null }, true, false],
  ])('%s: due %s, usable %s', (_name, row, due, usable) => {
    expect([isDue(row), isUsable(row)]).toEqual([due, usable]);
  });
});
