import { UnsecuredJWT } from 'jose';
import { expect, test, vi } from 'vitest';
import { remembered } from './remembered.ts';

const token = (exp: number, jti = 'a') => new UnsecuredJWT({ exp, jti }).encode();

/** A verifier that says whom it met; the clock stands at `state.nowMs`. */
function setUp(options: { maxEntries?: number } = {}) {
  const state = { nowMs: 0, isRetired: false };
  const verify = vi.fn(async (seen: string) => {
    if (state.isRetired) throw new Error('unknown key');
    return { seen };
  });
  return { state, verify, again: remembered(verify, { keepMs: 60_000, now: () => state.nowMs, ...options }) };
}

test('a token is verified once, and says the same each time', async () => {
  const { again, verify } = setUp();
  const one = token(3600);
  expect(await again(one)).toEqual({ seen: one });
  expect(await again(one)).toEqual({ seen: one });
  expect(verify).toHaveBeenCalledTimes(1);
});

test('another token is another one, however alike', async () => {
  const { again } = setUp();
  await again(token(3600));
  const forged = `${token(3600)}x`;
  expect(await again(forged)).toEqual({ seen: forged });
});

test('a retired key lets a token through for a minute and no longer', async () => {
  const { again, state } = setUp();
  await again(token(3600));
  state.isRetired = true;
  state.nowMs = 59_999;
  await expect(again(token(3600))).resolves.toBeDefined();
  state.nowMs = 60_000;
  await expect(again(token(3600))).rejects.toThrow('unknown key');
});

test('a token is forgotten at its expiry', async () => {
  const { again, state, verify } = setUp();
  await again(token(10));
  state.nowMs = 9_999;
  await again(token(10));
  expect(verify).toHaveBeenCalledTimes(1);
  state.nowMs = 10_000;
  await again(token(10));
  expect(verify).toHaveBeenCalledTimes(2);
});

test('a refusal is not remembered', async () => {
  const { again, state } = setUp();
  state.isRetired = true;
  await expect(again(token(3600))).rejects.toThrow('unknown key');
  state.isRetired = false;
  await expect(again(token(3600))).resolves.toBeDefined();
});

test('of too many tokens the oldest is forgotten', async () => {
  const { again, verify } = setUp({ maxEntries: 2 });
  for (const jti of ['a', 'b', 'c']) await again(token(3600, jti));
  await again(token(3600, 'c'));
  expect(verify).toHaveBeenCalledTimes(3);
  await again(token(3600, 'a'));
  expect(verify).toHaveBeenCalledTimes(4);
});
