import { primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { core } from './schema.ts';

/**
 * The organisation's secret by which its memory is found: stems, keys and values stand in the index as HMACs under it. Sealed
 * with the data key, so that whoever destroys that one leaves an index that says nothing. An organisation without a row
 * remembers nothing yet.
 */
export const memoryKeys = core.table(
  'memory_keys',
  {
    orgId: orgId(),
    keyId: uuid('key_id').notNull(),
    sealed: text('sealed').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** Up to when duplicates were looked for. */
    consolidatedAt: instant('consolidated_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId] })],
);
