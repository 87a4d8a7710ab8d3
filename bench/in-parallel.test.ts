import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { inParallel } from './in-parallel.ts';

test('every number is worked on once, never more than the given count at a time, and answers stay in order', async () => {
  const begun: number[] = [];
  const counts: number[] = [];
  let underWay = 0;
  const work = async (index: number): Promise<number> => {
    begun.push(index);
    counts.push((underWay += 1));
    await setImmediate();
    underWay -= 1;
    return index * 10;
  };
  expect(await inParallel(7, 3, work)).toEqual([0, 10, 20, 30, 40, 50, 60]);
  expect(begun).toEqual([0, 1, 2, 3, 4, 5, 6]);
  expect(Math.max(...counts)).toBe(3);
});

test('after a failure nothing new is begun, and what is under way ends first', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = async (index: number): Promise<void> => {
    begun.push(index);
    if (index === 1) throw new Error('the second fails');
    await setImmediate();
    ended.push(index);
  };
  await expect(inParallel(10, 3, work)).rejects.toThrow('the second fails');
  expect(begun).toEqual([0, 1, 2]);
  expect(ended).toEqual([0, 2]);
});
