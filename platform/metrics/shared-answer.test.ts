import { expect, test } from 'vitest';
import { sharedAnswer } from './shared-answer.ts';

test('an answer serves for a while, then the question is asked again', async () => {
  let nowMs = 0;
  let asked = 0;
  const ask = sharedAnswer(
    async () => (asked += 1),
    5_000,
    () => nowMs,
  );
  expect([await ask(), await ask()]).toEqual([1, 1]);
  nowMs = 4_999;
  expect(await ask()).toBe(1);
  nowMs = 5_000;
  expect(await ask()).toBe(2);
});

test('a bad answer serves as long as a good one: who is in trouble is not asked more often', async () => {
  let nowMs = 0;
  let asked = 0;
  const ask = sharedAnswer(
    async () => Promise.reject(new Error(String((asked += 1)))),
    5_000,
    () => nowMs,
  );
  await expect(ask()).rejects.toThrow('1');
  await expect(ask()).rejects.toThrow('1');
  nowMs = 5_000;
  await expect(ask()).rejects.toThrow('2');
});

test('while a question is under way nobody asks it again, unless it is lost', async () => {
  let nowMs = 0;
  let asked = 0;
  const ask = sharedAnswer(
    () => new Promise<never>(() => (asked += 1)),
    5_000,
    () => nowMs,
  );
  void ask();
  nowMs = 59_999;
  void ask();
  expect(asked).toBe(1);
  nowMs = 60_000;
  void ask();
  expect(asked).toBe(2);
});
