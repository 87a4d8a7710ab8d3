import { sql } from 'drizzle-orm';
import { primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { core } from './schema.ts';

/** Data keys of an organisation, wrapped by the key service. Deleting them shreds the organisation's secrets. */
export const coreDataKeys = core.table(
  'data_keys',
  {
    orgId: orgId(),
    kid: text('kid').notNull(),
    wrapped: text('wrapped').notNull(),
    /** Id of the key encryption key that it is wrapped with, as `wrapped` names it. */
    kek: text('kek').generatedAlwaysAs(sql`split_part(wrapped, '.', 2)`),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** From then on nothing of ours is sealed with it, and no secret opens with it; histories and blobs may. */
    retiredAt: instant('retired_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.kid] })],
);
