import { expect, it } from 'vitest';
import { formatDuration, formatInstant, formatTimeOfDay } from './time.ts';

it('shows instants in UTC, and a dash for none', () => {
  expect(formatInstant('2025-06-09T20:00:00.123+02:00')).toBe('2025-06-09 18:00:00Z');
  expect(formatInstant(null)).toBe('-');
  expect(formatTimeOfDay('2025-06-09T18:00:00.123Z')).toBe('18:00:00.123');
});

it('leaves what is no instant as it is', () => {
  expect(formatInstant('soon')).toBe('soon');
  expect(formatTimeOfDay('soon')).toBe('soon');
});

it('shows durations in seconds, then in minutes', () => {
  expect([800, 59_949, 59_950, 125_000].map(formatDuration)).toEqual(['0.8 s', '59.9 s', '1 min 00 s', '2 min 05 s']);
});
