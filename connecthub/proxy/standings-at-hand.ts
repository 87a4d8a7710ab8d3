import type { Call } from './call.ts';
import type { Standing } from './standing.ts';

/**
 * Standings as they were last read, so that a call can be made ready ahead of the one round trip in which it begins. A hint
 * and no more: the database begins the call only where the rows are still of the versions that were read.
 */
export interface StandingsAtHand {
  find(call: Call): Standing | undefined;
  keep(call: Call, standing: Standing): void;
  forget(call: Call): void;
}

/** What limits say of their use is as old as the standing: it is read again this often at least. */
const KEEP_MS = 30_000;
const MAX_STANDINGS = 5_000;

/** @param now milliseconds that never run backwards */
export function createStandingsAtHand(now: () => number = () => performance.now()): StandingsAtHand {
  const kept = new Map<string, { standing: Standing; readMs: number }>();
  return {
    find: (call) => {
      const known = kept.get(keyOf(call));
      const ageMs = known ? now() - known.readMs : 0;
      return known && ageMs < KEEP_MS ? grownOlder(known.standing, ageMs) : undefined;
    },
    keep: (call, standing) => {
      kept.delete(keyOf(call));
      if (standing.providerLimit !== null) return;
      kept.set(keyOf(call), { standing, readMs: now() });
      const oldest = kept.keys().next();
      if (kept.size > MAX_STANDINGS && !oldest.done) kept.delete(oldest.value);
    },
    forget: (call) => void kept.delete(keyOf(call)),
  };
}

/** All that a standing is read by. */
function keyOf({ orgId, ticket, qualified, connectionId }: Call): string {
  return JSON.stringify([orgId, ticket.runId, ticket.callScope, ticket.employeeId, ticket.initiator.id, qualified, connectionId]);
}

/** Its times are counted from when it was read. */
function grownOlder(standing: Standing, ageMs: number): Standing {
  const { connection, nowMs } = standing;
  const left = (ms: number | null) => (ms === null ? null : ms - ageMs);
  const older = connection && {
    ...connection,
    leftMs: left(connection.leftMs),
    dueMs: left(connection.dueMs),
    blockedMs: Math.max(0, connection.blockedMs - ageMs),
  };
  return { ...standing, nowMs: nowMs + ageMs, connection: older };
}
