import { sql } from 'drizzle-orm';
import { check, integer, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { instant, isOneOf, orgId } from '../columns.ts';
import { hub } from './schema.ts';

const STATUSES = ['active', 'needs_reauth', 'disconnected'] as const;

/** An organisation's authorised account at a provider. */
export const connections = hub.table(
  'connections',
  {
    orgId: orgId(),
    /** `conn_` and 26 characters. */
    connectionId: text('connection_id').notNull(),
    provider: text('provider').notNull(),
    accountId: text('account_id').notNull(),
    accountName: text('account_name').notNull(),
    scopes: text('scopes')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    status: text('status', { enum: STATUSES }).notNull().default('active'),
    /** Sealed; null once disconnected. */
    accessToken: text('access_token'),
    /** Sealed. */
    refreshToken: text('refresh_token'),
    tokenExpiresAt: instant('token_expires_at'),
    /** Raised with each refresh: a refresh that lost the race sees it. */
    tokenVersion: integer('token_version').notNull().default(1),
    /** Lease of the copy that refreshes. */
    refreshOwner: text('refresh_owner'),
    refreshUntil: instant('refresh_until'),
    connectedBy: text('connected_by').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    disconnectedAt: instant('disconnected_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.connectionId] }),
    unique('connections_account').on(table.orgId, table.provider, table.accountId),
    check('connections_status', isOneOf(table.status, STATUSES)),
    check('connections_active_has_token', sql`status <> 'active' or access_token is not null`),
  ],
);
