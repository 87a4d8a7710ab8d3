import { expect, test } from 'vitest';
import { compareEffects, isEachOnce } from './compare-effects.ts';

test('every ordered text seen once, in any order, is each once', () => {
  const figures = compareEffects(['a', 'b'], ['b', 'a']);
  expect(figures).toEqual({ expected: 2, seen: 2, missing: [], repeated: [], unexpected: [] });
  expect(isEachOnce(figures)).toBe(true);
});

test('a repeated text is found even if another is missing, so that the counts agree', () => {
  const figures = compareEffects(['a', 'b'], ['a', 'a']);
  expect(figures).toMatchObject({ expected: 2, seen: 2, missing: ['b'], repeated: ['a'] });
  expect(isEachOnce(figures)).toBe(false);
});

test('a missing, a repeated and an unexpected text each spoil it alone', () => {
  expect(isEachOnce(compareEffects(['a'], []))).toBe(false);
  expect(isEachOnce(compareEffects(['a'], ['a', 'a']))).toBe(false);
  expect(isEachOnce(compareEffects(['a'], ['a', 'x']))).toBe(false);
});
