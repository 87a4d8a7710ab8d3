import type { Lease } from './ledger.ts';

/** A lease that this process holds. */
export interface HeldLease extends Lease {
  /** Milliseconds of it that are surely left, by this machine's own clocks; 0 or less = perhaps none. */
  leftMs: () => number;
  /** How long ago it was asked for, at most. */
  ageMs: () => number;
}

export interface Clocks {
  /** Milliseconds that never run backwards. */
  monotonic: () => number;
  /** Milliseconds since the epoch. */
  wall: () => number;
}

const CLOCKS: Clocks = { monotonic: () => performance.now(), wall: () => Date.now() };

/**
 * Counts a lease down without asking the database. To be called before the lease is asked for: the database counts from
 * later on, so what is left here is left there. Of two clocks the one that went further counts: the monotonic one stands
 * still while a machine is suspended, the wall clock can be set back.
 */
export function countDown(leaseMs: number, clocks: Clocks = CLOCKS): Pick<HeldLease, 'leftMs' | 'ageMs'> {
  const began = { monotonic: clocks.monotonic(), wall: clocks.wall() };
  const ageMs = () => Math.max(clocks.monotonic() - began.monotonic, clocks.wall() - began.wall);
  return { ageMs, leftMs: () => leaseMs - ageMs() };
}
