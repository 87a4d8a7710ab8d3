import { and, eq, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { statement } from '../../db/statement.ts';

/** What a connection's row says about its tokens; times are measured by the database. */
export interface ConnectionToken {
  connectionId: string;
  provider: string;
  accountId: string;
  status: 'active' | 'needs_reauth' | 'disconnected';
  /** Of the connection at Auth0, where its Token Vault gives the access token. */
  auth0Connection: string | null;
  /** Sealed. */
  accessToken: string | null;
  refreshToken: string | null;
  version: number;
  /** Milliseconds until the access token ends; null = never. */
  leftMs: number | null;
  /** Milliseconds until it is to be refreshed, while it still works; null = unknown. */
  dueMs: number | null;
  /** Milliseconds until somebody else may refresh: a copy is at it, or the last attempt failed and all wait. */
  blockedMs: number;
  isRefreshing: boolean;
}

/** What tells whether a connection's token can be used as it stands. */
export type TokenRow = Pick<
  ConnectionToken,
  'connectionId' | 'auth0Connection' | 'accessToken' | 'refreshToken' | 'version' | 'leftMs' | 'dueMs' | 'blockedMs'
>;

const msUntil = (instant: typeof connections.tokenExpiresAt | typeof connections.tokenRefreshAt) =>
  sql<number | null>`(extract(epoch from ${instant} - now()) * 1000)::float8`;

export const TOKEN_COLUMNS = {
  connectionId: connections.connectionId,
  auth0Connection: connections.auth0Connection,
  accessToken: connections.accessToken,
  refreshToken: connections.refreshToken,
  version: connections.tokenVersion,
  leftMs: msUntil(connections.tokenExpiresAt),
  dueMs: msUntil(connections.tokenRefreshAt),
  blockedMs: sql<number>`coalesce(greatest(0, extract(epoch from ${connections.refreshUntil} - now()) * 1000), 0)::float8`,
};

/** @throws ClancyError `connection_missing` */
export async function readConnectionToken(tx: OrgReadTx, connectionId: string): Promise<ConnectionToken> {
  const [row] = await selectToken(tx.db).execute({ orgId: tx.orgId, connectionId });
  if (!row) throw new ClancyError('connection_missing', 'This organisation has no such connection.');
  return row;
}

const selectToken = statement((db) =>
  db
    .select({
      ...TOKEN_COLUMNS,
      provider: connections.provider,
      accountId: connections.accountId,
      status: connections.status,
      isRefreshing: sql<boolean>`(${connections.refreshOwner} is not null)`,
    })
    .from(connections)
    .where(and(eq(connections.orgId, sql.placeholder('orgId')), eq(connections.connectionId, sql.placeholder('connectionId'))))
    .prepare('select_connection_token'),
);

/** @throws ClancyError `connection_missing` (disconnected) or `connection_needs_reauth` */
export function sealedAccessToken(row: ConnectionToken): string {
  if (row.status === 'needs_reauth') throw needsReauth(row.provider);
  if (row.status === 'disconnected' || row.accessToken === null) {
    throw new ClancyError('connection_missing', 'The connection was disconnected.', {
      next: `Connect the account again: GET /oauth/launch/${row.provider}.`,
    });
  }
  return row.accessToken;
}

export function needsReauth(provider: string): ClancyError {
  return new ClancyError('connection_needs_reauth', `${provider} no longer accepts the connection.`, {
    next: `Connect the account again: GET /oauth/launch/${provider}.`,
  });
}
