import { expect, test } from 'vitest';
import { createKeyCache, type KeyCacheOptions, type KeyLookup } from './key-cache.ts';

/** A cache with a clock of its own and a source that counts how often it is asked. */
function setUp(options: Pick<KeyCacheOptions, 'maxEntries' | 'onLookup'> = {}) {
  let nowMs = 0;
  let isAway = false;
  let asked = 0;
  const cache = createKeyCache<string>({ freshMs: 10, staleMs: 100, now: () => nowMs, ...options });
  const ask = async (): Promise<string | undefined> => {
    asked += 1;
    if (isAway) throw new Error('away');
    return `key ${asked}`;
  };
  return {
    get: (name = 'org_a') => cache.get(name, ask),
    getNothing: () => cache.get('nobody', async () => void (asked += 1)),
    asked: () => asked,
    at: (ms: number) => (nowMs = ms),
    goAway: () => (isAway = true),
  };
}

test('many who ask at once are one question, and the answer serves until it is no longer fresh', async () => {
  const { get, asked, at } = setUp();
  expect(await Promise.all([get(), get(), get()])).toEqual(['key 1', 'key 1', 'key 1']);
  at(9);
  expect(await get()).toBe('key 1');
  at(10);
  expect(await get()).toBe('key 2');
  expect(asked()).toBe(2);
});

test('while nobody answers, what is known serves on for a while, and then no more', async () => {
  const { get, at, goAway } = setUp();
  await get();
  goAway();
  at(99);
  expect(await get()).toBe('key 1');
  at(100);
  await expect(get()).rejects.toThrow('away');
  await expect(get('org_b')).rejects.toThrow('away');
});

test('that there is nothing is not remembered', async () => {
  const { getNothing, asked } = setUp();
  expect([await getNothing(), await getNothing()]).toEqual([undefined, undefined]);
  expect(asked()).toBe(2);
});

test('no more is kept than allowed, the oldest goes first', async () => {
  const { get, asked } = setUp({ maxEntries: 2 });
  for (const name of ['a', 'b', 'c']) await get(name);
  await get('c');
  await get('b');
  expect(asked()).toBe(3);
  await get('a');
  expect(asked()).toBe(4);
});

test('each lookup is told by how it was answered', async () => {
  const lookups: KeyLookup[] = [];
  const { get, at, goAway } = setUp({ onLookup: (lookup) => lookups.push(lookup) });
  await get();
  await get();
  goAway();
  at(50);
  await get();
  at(100);
  await expect(get()).rejects.toThrow('away');
  expect(lookups).toEqual(['miss', 'hit', 'stale', 'error']);
});
