import { describe, expect, test } from 'vitest';
import type { ErrorCode } from '../contracts/errors.ts';
import { createPatience } from './patience.ts';

function pauses(code: ErrorCode, askedMs: number, count: number): (number | undefined)[] {
  const patience = createPatience();
  return Array.from({ length: count }, () => patience.next(code, askedMs));
}

describe('patience', () => {
  test('with a provider that is down doubles five times, then ends', () => {
    expect(pauses('provider_unavailable', 0, 6)).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, undefined]);
  });

  test('is never shorter than what was asked for, and never longer than a day', () => {
    expect(pauses('provider_rate_limited', 30_000, 2)).toEqual([30_000, 30_000]);
    expect(pauses('provider_rate_limited', Number.MAX_SAFE_INTEGER, 1)).toEqual([86_400_000]);
  });

  test('with ConnectHub does not end', () => {
    const all = pauses('dependency_unavailable', 2_000, 1_000);
    expect(all).not.toContain(undefined);
    expect(all.at(-1)).toBe(60_000);
  });

  test('counts each obstacle by itself', () => {
    const patience = createPatience();
    for (let i = 0; i < 5; i += 1) patience.next('provider_unavailable', 0);
    expect(patience.next('provider_unavailable', 0)).toBeUndefined();
    expect(patience.next('call_settling', 5_000)).toBe(5_000);
  });
});
