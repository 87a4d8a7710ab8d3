import { bigint, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { orgId } from '../columns.ts';
import { core } from './schema.ts';

/**
 * Which entries have a stem. Stems are those of PostgreSQL's full text, each as the first 64 bits of its HMAC: in the clear they
 * would tell what the sealed entries say. A GIN index would not serve under row-level security anyway (`duty_stems`): the
 * operators of full text are not leakproof; equality of numbers is.
 */
export const memoryStems = core.table(
  'memory_stems',
  {
    orgId: orgId(),
    /** As in `memory_entries`. */
    owner: text('owner').notNull(),
    stem: bigint('stem', { mode: 'bigint' }).notNull(),
    memoryId: uuid('memory_id').notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.stem, table.owner, table.memoryId] })],
);
