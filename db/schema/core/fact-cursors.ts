import { bigint, integer, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { core } from './schema.ts';

/** How far a consumer has got in an organisation's FactStream: moved on in the transaction of what it makes of the facts. */
export const factCursors = core.table(
  'fact_cursors',
  {
    orgId: orgId(),
    /** Such as `triggers`. */
    consumer: text('consumer').notNull(),
    /** The last fact that is done with. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
    /** Failures at the next fact in a row, and when to try again. */
    attempts: integer('attempts').notNull().default(0),
    retryAt: instant('retry_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.consumer] })],
);
