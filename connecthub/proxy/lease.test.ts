import { expect, test } from 'vitest';
import { countDown } from './lease.ts';

function setUp(leaseMs: number) {
  const at = { monotonic: 500, wall: 1_000_000 };
  return { at, lease: countDown(leaseMs, { monotonic: () => at.monotonic, wall: () => at.wall }) };
}

test('a lease is counted from before it was asked for', () => {
  const { at, lease } = setUp(10_000);
  at.monotonic += 4_000;
  at.wall += 4_000;
  expect(lease.ageMs()).toBe(4_000);
  expect(lease.leftMs()).toBe(6_000);
});

test('time for which the machine was suspended counts', () => {
  const { at, lease } = setUp(10_000);
  at.monotonic += 10;
  at.wall += 60_000;
  expect(lease.leftMs()).toBe(-50_000);
});

test('a wall clock that is set back gives no time', () => {
  const { at, lease } = setUp(10_000);
  at.monotonic += 9_000;
  at.wall -= 3_600_000;
  expect(lease.leftMs()).toBe(1_000);
});
