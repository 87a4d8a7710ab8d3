import { foreignKey, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { connections } from './connections.ts';
import { hub } from './schema.ts';

/** Until when a provider wants to be left alone, as its last answer said: every copy keeps to it. */
export const providerLimits = hub.table(
  'provider_limits',
  {
    orgId: orgId(),
    connectionId: text('connection_id').notNull(),
    /** Qualified; empty where the provider limits the connection as a whole. */
    capability: text('capability').notNull(),
    /** By the database's clock. */
    until: instant('until').notNull(),
    /** The provider's own word. */
    reason: text('reason').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.connectionId, table.capability] }),
    foreignKey({
      name: 'provider_limits_connection',
      columns: [table.orgId, table.connectionId],
      foreignColumns: [connections.orgId, connections.connectionId],
    }),
  ],
);
