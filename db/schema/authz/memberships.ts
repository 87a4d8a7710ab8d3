import { sql } from 'drizzle-orm';
import { primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { authz } from './schema.ts';

/** Who belongs to the organisation and what they may do, as their last verified token said. */
export const memberships = authz.table(
  'memberships',
  {
    orgId: orgId(),
    userId: text('user_id').notNull(),
    role: text('role').notNull(),
    permissions: text('permissions')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    verifiedAt: instant('verified_at').notNull(),
    removedAt: instant('removed_at'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.userId] })],
);
