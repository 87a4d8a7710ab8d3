import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import type { Mode } from './config.ts';
import type { ShutdownPhase } from './shutdown.ts';

/** Longer than balancers and orchestrators usually take to see that a copy is no longer ready. */
const DEFAULT_DRAIN_MS = 5_000;
const MARGIN_MS = 1_000;

/** How long requests are still served after `/ready` has said no; nothing balances a development stack. */
export const drainMsSchema = z.coerce.number().int().min(0).max(60_000).optional();

export interface Drain {
  /** True from the signal on: what `/ready` asks. */
  isStopping(): boolean;
  /** The first phase of the shutdown. */
  phase: ShutdownPhase;
}

/** So that no request fails which a balancer sent before it noticed: readiness off first, then closing. */
export function createDrain(config: { CLANCY_MODE: Mode; DRAIN_MS?: number | undefined }): Drain {
  const drainMs = config.DRAIN_MS ?? (config.CLANCY_MODE === 'development' ? 0 : DEFAULT_DRAIN_MS);
  let isStopping = false;
  return {
    isStopping: () => isStopping,
    phase: {
      name: 'drain',
      timeoutMs: drainMs + MARGIN_MS,
      run: async () => {
        isStopping = true;
        if (drainMs > 0) await delay(drainMs);
      },
    },
  };
}
