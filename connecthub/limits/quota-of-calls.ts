import { ClancyError } from '../../contracts/errors.ts';
import type { Quota } from '../../contracts/policy.ts';
import type { Rate } from './rate.ts';

const MINUTE_MS = 60_000;
/** Calls mostly end long before their leases do. */
const LOOK_AGAIN_MS = 1_000;

/** The organisation's calls, as a rate beside those of providers: it comes last, as the one at which most calls meet. */
export function rateOfCalls({ calls_per_minute: most }: Quota): Rate {
  return { connectionId: '', key: 'calls', name: 'calls_per_minute', units: 1, most, perMs: MINUTE_MS, marginMs: 0 };
}

/**
 * What the caller hears where its call would be one too many under way. A call is under way while it holds a lease, and
 * leases end by themselves: what a copy that died leaves behind is counted no longer than that.
 */
export function tooManyAtOnce({ calls_at_once: most }: Quota): ClancyError {
  return callsLimited({ name: 'calls_at_once', most }, `have ${most} calls under way at once`, LOOK_AGAIN_MS);
}

/** What the caller hears where the minute's calls are made. */
export function tooManyInMinute({ name, most, perMs }: Rate, waitMs: number): ClancyError {
  return callsLimited({ name, most, per_seconds: perMs / 1_000 }, `make ${most} calls a minute`, waitMs);
}

function callsLimited(limit: { name: string; most: number; per_seconds?: number }, what: string, retryAfterMs: number) {
  return new ClancyError('calls_limited', `The organisation may ${what}, and that has no room for this call.`, {
    retryAfterMs,
    next: 'Repeat the call after the time in Retry-After. Somebody with the permission quotas.write can raise it: PUT /v1/quotas.',
    extra: { limit },
  });
}
