import { sql } from 'drizzle-orm';
import { check, integer, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { authz } from './schema.ts';

/** What an organisation may do, all its employees together. No row: the default quota. */
export const quotas = authz.table(
  'quotas',
  {
    orgId: orgId(),
    effectsPerDay: integer('effects_per_day').notNull(),
    callsPerMinute: integer('calls_per_minute').notNull().default(30_000),
    callsAtOnce: integer('calls_at_once').notNull().default(500),
    setBy: text('set_by').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId] }),
    check('quotas_effects_per_day', sql`${table.effectsPerDay} >= 0`),
    check('quotas_calls', sql`${table.callsPerMinute} >= 1 and ${table.callsAtOnce} >= 1`),
  ],
);
