import { expect, test } from 'vitest';
import { percentile, spreadOf } from './statistics.ts';

const oneToTwoHundred = Array.from({ length: 200 }, (_, index) => index + 1);

test('a percentile is the sample at the nearest rank', () => {
  expect(percentile([15, 20, 35, 40, 50], 30)).toBe(20);
  expect(percentile([15, 20, 35, 40, 50], 40)).toBe(20);
  expect(percentile([15, 20, 35, 40, 50], 41)).toBe(35);
  expect(percentile([15, 20, 35, 40, 50], 100)).toBe(50);
});

test('a percentile sorts numbers as numbers and leaves the samples as they were', () => {
  const samples = [100, 9, 20];
  expect(percentile(samples, 50)).toBe(20);
  expect(samples).toEqual([100, 9, 20]);
});

test('the only sample is every percentile', () => {
  expect(percentile([7], 1)).toBe(7);
  expect(percentile([7], 99)).toBe(7);
});

test('a percentile of nothing, or outside of 0 to 100, is refused', () => {
  expect(() => percentile([], 50)).toThrow(RangeError);
  expect(() => percentile([1], 0)).toThrow(RangeError);
  expect(() => percentile([1], 101)).toThrow(RangeError);
  expect(() => percentile([1], Number.NaN)).toThrow(RangeError);
});

test('a spread holds the median and the 99th percentile', () => {
  expect(spreadOf(oneToTwoHundred)).toEqual({ p50_ms: 100, p99_ms: 198 });
});
