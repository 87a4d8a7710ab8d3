import { bigint, integer, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { hub } from './schema.ts';

/**
 * How much of each rate was taken lately, as a sliding window of slots. Every copy that wants a share meets the others at
 * its row. No call's history: rows whose window is over mean nothing, and go when new ones are made (see the migration).
 */
export const rateShares = hub.table(
  'rate_shares',
  {
    orgId: orgId(),
    /** Empty where the organisation as a whole is counted. */
    connectionId: text('connection_id').notNull(),
    /** The limit, and what it counts by within the connection. */
    key: text('key').notNull(),
    slotMs: integer('slot_ms').notNull(),
    /** Number of the newest slot, counted from the epoch by the database's clock. */
    lastSlot: bigint('last_slot', { mode: 'number' }).notNull(),
    /** Units taken in each slot, the newest last. */
    slots: integer('slots').array().notNull(),
    /** Until then the room belongs to calls that wait in a process: who comes now comes behind them. */
    queuedUntil: instant('queued_until').notNull(),
    /** The latest moment for which a call was sent away; the next one is told a later one. */
    sentAwayUntil: instant('sent_away_until').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.connectionId, table.key] })],
);
