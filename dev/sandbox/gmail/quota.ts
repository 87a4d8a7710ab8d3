import { GoogleError } from '../google/errors.ts';
import type { Mailbox } from './mailbox.ts';

const MINUTE_MS = 60_000;

/** Counts what each mailbox spends in a minute. */
export interface Quota {
  /** @throws GoogleError 403 `userRateLimitExceeded` when the minute's units are spent; a refused call costs nothing. */
  spend(mailbox: Mailbox, units: number): void;
}

export function createQuota(now: () => number): Quota {
  const spent = new Map<string, { minute: number; units: number }>();
  return {
    spend(mailbox, units) {
      const minute = Math.floor(now() / MINUTE_MS);
      const before = spent.get(mailbox.address);
      const used = (before?.minute === minute ? before.units : 0) + units;
      if (used > mailbox.quota) throw new GoogleError(403, 'userRateLimitExceeded', 'User Rate Limit Exceeded.');
      spent.set(mailbox.address, { minute, units: used });
    },
  };
}
