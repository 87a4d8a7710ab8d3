import { sql } from 'drizzle-orm';
import { foreignKey, index, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { connections } from './connections.ts';
import { hub } from './schema.ts';

/**
 * A connection whose account somebody wants to hear of, where the provider has to be asked for it again and again. A row
 * goes when nobody wants it any more.
 */
export const webhookSubscriptions = hub.table(
  'webhook_subscriptions',
  {
    orgId: orgId(),
    connectionId: text('connection_id').notNull(),
    provider: text('provider').notNull(),
    /** By what the provider's events name this connection, besides its account. */
    names: text('names')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    /** Up to where the account was read. */
    cursor: text('cursor'),
    /** What was there before is of no concern. */
    since: instant('since').notNull().defaultNow(),
    /** When the provider is asked next. */
    renewAt: instant('renew_at').notNull().defaultNow(),
    /** When the provider stops telling, unless it is asked before. */
    endsAt: instant('ends_at'),
    leaseOwner: text('lease_owner'),
    leaseUntil: instant('lease_until'),
    lastError: text('last_error'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.connectionId] }),
    foreignKey({
      name: 'webhook_subscriptions_connection',
      columns: [table.orgId, table.connectionId],
      foreignColumns: [connections.orgId, connections.connectionId],
    }),
    index('webhook_subscriptions_due').on(table.renewAt),
    index('webhook_subscriptions_names').using('gin', table.names),
  ],
);
