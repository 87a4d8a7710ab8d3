import { createBarrierSet } from './barriers.ts';
import type { BarrierSet } from './barriers.ts';
import { createEffectLog } from './effects.ts';
import type { EffectLog } from './effects.ts';
import { createFaultQueue } from './faults.ts';
import type { FaultQueue } from './faults.ts';
import { createRateLimiter } from './rate-limits.ts';
import type { RateLimiter } from './rate-limits.ts';
import { createRequestLog } from './requests.ts';
import type { RequestLog } from './requests.ts';
import { createTokenVault } from './tokens.ts';
import type { TokenVault } from './tokens.ts';

/** What all providers of the sandbox share. */
export interface Machinery {
  now: () => number;
  effects: EffectLog;
  requests: RequestLog;
  faults: FaultQueue;
  barriers: BarrierSet;
  rateLimiter: RateLimiter;
  tokens: TokenVault;
}

export function createMachinery(now: () => number): Machinery {
  return {
    now,
    effects: createEffectLog(now),
    requests: createRequestLog(now),
    faults: createFaultQueue(),
    barriers: createBarrierSet(),
    rateLimiter: createRateLimiter(now),
    tokens: createTokenVault(now),
  };
}
