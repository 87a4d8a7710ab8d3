import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { instant, isOneOf, orgId } from '../columns.ts';
import { hub } from './schema.ts';

const STATUSES = ['active', 'needs_reauth', 'disconnected'] as const;
const TOKEN_KINDS = ['bot', 'user'] as const;
const TOKEN_SOURCES = ['provider', 'auth0'] as const;

/**
 * An organisation's authorised account at a provider. Where the provider gives the person who connected it a token of
 * their own besides, that one has a row of its own, `{connection}~user`: it ends and is refreshed apart.
 */
export const connections = hub.table(
  'connections',
  {
    orgId: orgId(),
    /** `conn_` and 26 characters. */
    connectionId: text('connection_id').notNull(),
    tokenKind: text('token_kind', { enum: TOKEN_KINDS }).notNull().default('bot'),
    provider: text('provider').notNull(),
    accountId: text('account_id').notNull(),
    accountName: text('account_name').notNull(),
    scopes: text('scopes')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    status: text('status', { enum: STATUSES }).notNull().default('active'),
    /** Who gives the access token: the provider, or Auth0's Token Vault, of which nothing but its refresh token is kept. */
    tokenSource: text('token_source', { enum: TOKEN_SOURCES }).notNull().default('provider'),
    /** Name of the connection at Auth0, such as `google-oauth2`. */
    auth0Connection: text('auth0_connection'),
    /** Sealed; null once disconnected, and where Auth0 gives it. */
    accessToken: text('access_token'),
    /** Sealed: the provider's, or Auth0's. */
    refreshToken: text('refresh_token'),
    tokenExpiresAt: instant('token_expires_at'),
    /** From then on it is refreshed while it still works; null where it never ends. */
    tokenRefreshAt: instant('token_refresh_at'),
    /** Raised with each refresh: a refresh that lost the race sees it. */
    tokenVersion: integer('token_version').notNull().default(1),
    /** Lease of the copy that refreshes, or that ends the grant of what is disconnected. */
    refreshOwner: text('refresh_owner'),
    /** Without an owner: the pause after a failure. */
    refreshUntil: instant('refresh_until'),
    /** In a row, since the last that succeeded. */
    refreshFailures: integer('refresh_failures').notNull().default(0),
    connectedBy: text('connected_by').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    disconnectedAt: instant('disconnected_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.connectionId] }),
    unique('connections_account').on(table.orgId, table.provider, table.accountId),
    // A webhook names an account and no organisation.
    index('connections_of_account').on(table.provider, table.accountId),
    // What a copy left behind that died, and what cannot be refreshed right now.
    index('connections_leased')
      .on(table.refreshUntil)
      .where(sql`refresh_owner is not null`),
    index('connections_failing')
      .on(table.provider)
      .where(sql`refresh_failures > 0`),
    check('connections_status', isOneOf(table.status, STATUSES)),
    check('connections_token_kind', isOneOf(table.tokenKind, TOKEN_KINDS)),
    check('connections_active_has_token', sql`status <> 'active' or access_token is not null or token_source = 'auth0'`),
    check('connections_token_source', isOneOf(table.tokenSource, TOKEN_SOURCES)),
    check(
      'connections_of_auth0',
      sql`token_source = 'provider' or (access_token is null and auth0_connection is not null and (status <> 'active' or refresh_token is not null))`,
    ),
  ],
);
