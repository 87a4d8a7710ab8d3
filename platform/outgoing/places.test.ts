import { describe, expect, it } from 'vitest';
import { createPlaces } from './places.ts';

describe('places', () => {
  it('are as many as there are, for each key its own', async () => {
    const places = createPlaces(2);
    const taken = await Promise.all([places.take('a', 1), places.take('a', 1), places.take('a', 1), places.take('b', 1)]);
    expect(taken.map((leave) => leave !== undefined)).toEqual([true, true, false, true]);
  });

  it('go to whoever has waited the longest', async () => {
    const places = createPlaces(1);
    const order: string[] = [];
    const first = await places.take('a', 1);
    const others = ['second', 'third'].map(async (name) => {
      const leave = await places.take('a', 10_000);
      order.push(name);
      leave?.();
    });
    first?.();
    await Promise.all(others);
    expect(order).toEqual(['second', 'third']);
    expect(await places.take('a', 1)).toBeDefined();
  });

  it('are not lost to one who stopped waiting', async () => {
    const places = createPlaces(1);
    const leave = await places.take('a', 1);
    expect(await places.take('a', 1)).toBeUndefined();
    leave?.();
    expect(await places.take('a', 1)).toBeDefined();
  });
});
