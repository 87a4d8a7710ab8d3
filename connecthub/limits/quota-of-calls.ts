import { and, count, eq, gt, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { Quota } from '../../contracts/policy.ts';
import type { OrgTx } from '../../db/client.ts';
import { callKeys } from '../../db/schema/hub/call-keys.ts';
import { statement } from '../../db/statement.ts';
import type { Rate } from './rate.ts';

const MINUTE_MS = 60_000;
/** Calls mostly end long before their leases do. */
const LOOK_AGAIN_MS = 1_000;

/** The organisation's calls, as a rate beside those of providers: it comes last, as the one at which most calls meet. */
export function rateOfCalls({ calls_per_minute: most }: Quota): Rate {
  return { connectionId: '', key: 'calls', name: 'calls_per_minute', units: 1, most, perMs: MINUTE_MS, marginMs: 0 };
}

/**
 * Whether the call just begun is one too many under way. A call is under way while it holds a lease, and leases end by
 * themselves: what a copy that died leaves behind is counted no longer than that. To be asked behind the share of
 * `rateOfCalls`, whose row lets one transaction of an organisation count at a time.
 *
 * @throws ClancyError `calls_limited`
 */
export async function assertFewAtOnce(tx: OrgTx, { calls_at_once: most }: Quota): Promise<void> {
  const [row] = await countInFlight(tx.db).execute({ orgId: tx.orgId });
  if ((row?.calls ?? 0) > most) {
    throw callsLimited({ name: 'calls_at_once', most }, `have ${most} calls under way at once`, LOOK_AGAIN_MS);
  }
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

const countInFlight = statement((db) =>
  db
    .select({ calls: count() })
    .from(callKeys)
    .where(
      and(
        eq(callKeys.orgId, sql.placeholder('orgId')),
        eq(callKeys.state, sql.raw(`'in_flight'`)),
        gt(callKeys.deadline, sql`clock_timestamp()`),
      ),
    )
    .prepare('count_in_flight'),
);
