import { expect, it } from 'vitest';
import { isMisled, scoreDecision } from './score-decision.ts';

it.each([
  [['Ada'], ['Ada'], 1],
  [[], [], 1],
  [['Ada', 'Ben'], ['Ben', 'Ada'], 1],
  [['Ada'], ['Ben', 'Ada'], 0.5],
  [['Ada'], ['Ben', 'Cleo'], 0],
  [['Ada'], ['Ben'], 0],
  [['Ada'], [], 0],
  [['Ada', 'Ben'], ['Ada'], 0],
  [[], ['Ada'], 0],
  [[], ['Ada', 'Ben'], 0],
])('expected %j, chosen %j: %d', (expected, chosen, score) => {
  expect(scoreDecision(expected, chosen)).toBe(score);
});

it('calls it misled when one starts by itself who is not meant', () => {
  expect([isMisled([], ['Ada']), isMisled(['Ben'], ['Ada'])]).toEqual([true, true]);
  expect([isMisled(['Ada'], ['Ada']), isMisled(['Ada'], []), isMisled([], ['Ada', 'Ben'])]).toEqual([false, false, false]);
});
