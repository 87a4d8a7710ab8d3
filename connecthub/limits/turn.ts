import { setTimeout as delay } from 'node:timers/promises';
import type { Database, OrgScope } from '../../db/client.ts';
import type { Refusal } from '../providers/definition.ts';
import type { Rate } from './rate.ts';
import { queueForShares, takeShares, type Turn } from './shares.ts';

/** A call waits this long in the process for its shares, all its waits together; what takes longer its caller waits for. */
export const PATIENCE_MS = 2_000;

/** A caller who is sent away: there is no room within its patience. */
export type Sent = Pick<Turn, 'rate' | 'waitMs'>;

/** What the caller hears where it is a provider's limit. */
export function refusalOf({ rate: { name, most, perMs }, waitMs: retryAfterMs }: Sent): Refusal {
  const limit = { name, most, perMs };
  return { code: 'provider_rate_limited', reason: 'limit_kept', retryable: true, retryAfterMs, limit };
}

type Waiting = Pick<Database, 'withOrg'>;

/**
 * Waits until it is the caller's turn, holding neither a connection nor a transaction. The shares are still to be taken
 * then. Defined: no turn comes within the patience.
 */
export async function waitForTurn(
  database: Waiting,
  scope: OrgScope,
  rates: readonly Rate[],
  patienceMs: number,
): Promise<Sent | undefined> {
  const turn = await database.withOrg(scope, (tx) => queueForShares(tx, rates, patienceMs));
  if (!turn) return undefined;
  if (!turn.isQueued) return turn;
  await delay(turn.waitMs);
  return undefined;
}

/** Takes the shares, waiting for them where that is short; tells since when, at the earliest, they are ours. */
export async function takeInTurn(
  database: Waiting,
  scope: OrgScope,
  rates: readonly Rate[],
  patienceMs: number,
): Promise<Sent | { sinceMs: number }> {
  const endsAtMs = performance.now() + Math.min(patienceMs, PATIENCE_MS);
  for (let inTurn = false; ; inTurn = true) {
    const sinceMs = performance.now();
    if ((await database.withOrg(scope, (tx) => takeShares(tx, rates, inTurn))) === 'taken') return { sinceMs };
    const sent = await waitForTurn(database, scope, rates, endsAtMs - performance.now());
    if (sent) return sent;
  }
}
