import { sql } from 'drizzle-orm';
import type { OrgTx } from '../../db/client.ts';
import { statement } from '../../db/statement.ts';
import { slotMsOf, type Rate } from './rate.ts';

/** No share is to be had right now: the transaction that wanted it is rolled back, and its caller may queue. */
export class NoShareError extends Error {
  readonly rates: readonly Rate[];

  constructor(rates: readonly Rate[]) {
    super('no share of a rate is to be had right now');
    this.rates = rates;
  }
}

/**
 * Takes a share of each rate, or of none. The rows stay locked until the end of the transaction, so that copies at once
 * never take together what only one of them may have. `no_room`: nor while it is somebody else's turn. `too_many`: more
 * calls of the organisation would be under way than `callsAtOnce`, the one just begun in this transaction among them.
 *
 * @param inTurn whether the caller has queued (`queueForShares`) and its time has come
 * @param callsAtOnce asks for the organisation's own rate as the last one
 */
export async function takeShares(
  tx: OrgTx,
  rates: readonly Rate[],
  inTurn: boolean,
  callsAtOnce?: number,
): Promise<'taken' | 'no_room' | 'too_many'> {
  if (rates.length === 0) return 'taken';
  const rows = await selectTaken(tx.db).execute({ ...columnsOf(tx, rates), inTurn, callsAtOnce: callsAtOnce ?? null });
  return rows[0]?.taken ?? 'no_room';
}

/** When there is room, as far as is known now. */
export interface Turn {
  waitMs: number;
  /** Whether the room is kept for the caller; else it was sent away, to come back then. */
  isQueued: boolean;
  /** Where there is no room the longest. */
  rate: Rate;
}

/** Queues for a share of each rate where it can be had within the patience; a longer wait is not done here. */
export async function queueForShares(tx: OrgTx, rates: readonly Rate[], patienceMs: number): Promise<Turn | undefined> {
  const rows = await selectTurn(tx.db).execute({ ...columnsOf(tx, rates), patienceMs: Math.max(0, Math.floor(patienceMs)) });
  const [turn] = rows;
  const rate = turn && rates[turn.longest - 1];
  return rate && { waitMs: turn.waitMs, isQueued: turn.isQueued, rate };
}

function columnsOf(tx: OrgTx, rates: readonly Rate[]) {
  return {
    orgId: tx.orgId,
    connections: rates.map(({ connectionId }) => connectionId),
    keys: rates.map(({ key }) => key),
    units: rates.map(({ units }) => units),
    mosts: rates.map(({ most }) => most),
    slotLengths: rates.map(slotMsOf),
  };
}

const WANTED = sql`${sql.placeholder('orgId')}, ${sql.placeholder('connections')}::text[], ${sql.placeholder('keys')}::text[],
  ${sql.placeholder('units')}::integer[], ${sql.placeholder('mosts')}::integer[], ${sql.placeholder('slotLengths')}::integer[]`;

const selectTaken = statement((db) =>
  db
    .select({ taken: sql<'taken' | 'no_room' | 'too_many'>`taken` })
    .from(
      sql`hub.take_shares(${WANTED}, ${sql.placeholder('inTurn')}::boolean, ${sql.placeholder('callsAtOnce')}::integer) as taken`,
    )
    .prepare('take_shares'),
);

const selectTurn = statement((db) =>
  db
    .select({
      waitMs: sql<number>`wait_ms`,
      longest: sql<number>`longest`,
      isQueued: sql<boolean>`is_queued`,
    })
    .from(sql`hub.queue_for_shares(${WANTED}, ${sql.placeholder('patienceMs')}::integer)`)
    .prepare('queue_for_shares'),
);
