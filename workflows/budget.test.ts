import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createCallBudget } from './budget.ts';

test('slices of a budget are equal shares, and what is left of one can be taken again', () => {
  const budget = createCallBudget(10);
  expect([budget.take(2), budget.take(1)]).toEqual([5, 5]);
  expect(budget.take(1)).toBe(0);
  budget.giveBack(5, 2);
  expect(budget.take(3)).toBe(1);
  expect(budget.take(2)).toBe(1);
});

test('skills never make more calls together than the budget has', () => {
  fc.assert(
    fc.property(
      fc.nat(50),
      fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.double({ min: 0, max: 1, noNaN: true })), { maxLength: 30 }),
      (max, skills) => {
        const budget = createCallBudget(max);
        let used = 0;
        for (const [count, share] of skills) {
          const slice = budget.take(count);
          const calls = Math.floor(slice * share);
          used += calls;
          budget.giveBack(slice, calls);
        }
        expect(used).toBeLessThanOrEqual(max);
      },
    ),
  );
});
