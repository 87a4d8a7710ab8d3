import { ClancyError } from '../../contracts/errors.ts';
import { instantOfRun } from '../../contracts/ids.ts';

const DAY_MS = 86_400_000;

/**
 * How old a call id may be. The ledger (`hub.call_keys`) keeps its rows longer than this, so that a call of which it knows
 * nothing has never been made: cleaning leaves the rows of runs that are younger than `KEEP_DAYS` (jobs/clean.ts).
 * A run lasts 90 days at most (its ticket, its execution time-out) and its retries keep its call ids: 400 days are room for
 * the run and three retries that each take all of their time.
 */
export const CALL_KEY_HORIZON_DAYS = 400;

/** For how long the ledger keeps a call at least: no clock is a month wrong. The database refuses less (`hub.clean_past`). */
export const KEEP_DAYS = CALL_KEY_HORIZON_DAYS + 30;

/** More than the clocks of two of our machines may differ. */
const SKEW_MS = 5 * 60_000;

/**
 * Refuses call ids of which the ledger may have forgotten what became of them, whatever it says: they are never executed.
 *
 * @param callScope the first run of the chain of retries, whose time the call id carries
 * @throws ClancyError `call_id_expired`, `invalid_request` (a time to come, or none)
 */
export function assertWithinHorizon(callScope: string, now: Date): void {
  const at = instantOfRun(callScope);
  if (at === undefined || at > now.getTime() + SKEW_MS) {
    throw new ClancyError('invalid_request', 'The time in the call id is still to come, or is none.', {
      fields: [{ field: '/headers/idempotency-key', message: 'names a time that is not past' }],
      next: 'Compare the clocks of the machines.',
    });
  }
  if (now.getTime() - at <= CALL_KEY_HORIZON_DAYS * DAY_MS) return;
  throw new ClancyError('call_id_expired', `The call id is older than ${CALL_KEY_HORIZON_DAYS} days.`, {
    next: 'Start a new run.',
  });
}
