import { randomBytes } from 'node:crypto';
import { and, eq, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import { makeEmployeeId } from '../../contracts/ids.ts';
import type { HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { memberships } from '../../db/schema/authz/memberships.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { OneToken, TokenAnswer } from '../providers/definition.ts';
import { assertInForce } from '../own-providers/in-force.ts';
import { tellOfConnection } from '../connections/tell-of-connection.ts';
import { expiryOf } from '../tokens/expiry.ts';
import { sealTokens } from '../tokens/seal.ts';
import { askAgainSoon } from '../webhooks/receiving.ts';
import { tokenRowOf } from '../tokens/token-kind.ts';

export interface NewConnection {
  provider: string;
  accountId: string;
  accountName: string;
  tokens: TokenAnswer;
  userId: string;
  /** Of an organisation's own provider: the version whose server the credentials were given for. */
  version?: number | undefined;
}

export interface SaveDeps {
  database: HubDatabase;
  secretBox: SecretBox;
  /** 0 to 1. */
  random: () => number;
}

/** Stores what a person connected. Connecting the same account again keeps the connection's id, so that grants stay. */
export async function saveConnection(deps: SaveDeps, scope: OrgScope, connection: NewConnection): Promise<string> {
  const connectionId = await reserveId(deps.database, scope, connection);
  const { tokens, provider, accountId } = connection;
  const columns = await columnsOf(deps, scope, connectionId, connection, tokens);
  const user = tokens.user && {
    connectionId: tokenRowOf(connectionId, 'user'),
    accountId: `${accountId}/${tokens.user.accountId}`,
    columns: await columnsOf(deps, scope, tokenRowOf(connectionId, 'user'), connection, tokens.user),
  };
  await deps.database.withOrg(scope, async (tx) => {
    if (connection.version !== undefined) await assertInForce(tx, provider, connection.version);
    await tx.db
      .update(connections)
      .set(columns)
      .where(and(eq(connections.orgId, scope.orgId), eq(connections.connectionId, connectionId)));
    if (user) await saveUserToken(tx, { ...user, provider });
    await tellOfConnection(tx, connectionId);
    await askAgainSoon(tx, connectionId);
    tx.audit({
      action: 'connection.connect',
      objectType: 'connection',
      objectId: connectionId,
      allowed: true,
      details: {
        provider,
        account_id: accountId,
        scopes: tokens.scopes,
        ...(user && { user_scopes: tokens.user?.scopes ?? [] }),
      },
    });
  });
  return connectionId;
}

type Columns = Awaited<ReturnType<typeof columnsOf>>;

/** What a consent says of a row, its tokens sealed for it. */
async function columnsOf(
  deps: SaveDeps,
  { orgId }: OrgScope,
  row: string,
  { accountName, userId }: NewConnection,
  tokens: OneToken,
) {
  return {
    ...(await sealTokens(deps.secretBox, orgId, row, tokens)),
    ...expiryOf(tokens, deps.random()),
    accountName,
    scopes: tokens.scopes,
    tokenSource: 'provider' as const,
    auth0Connection: null,
    status: 'active' as const,
    tokenVersion: sql`${connections.tokenVersion} + 1`,
    refreshOwner: null,
    refreshUntil: null,
    refreshFailures: 0,
    connectedBy: userId,
    disconnectedAt: null,
    updatedAt: sql`now()`,
  };
}

/** Of the person who consented last: another one's token takes its place. */
async function saveUserToken(
  tx: OrgTx,
  { columns, ...row }: { connectionId: string; accountId: string; provider: string; columns: Columns },
): Promise<void> {
  const { tokenVersion: _raised, ...fresh } = columns;
  await tx.db
    .insert(connections)
    .values({ orgId: tx.orgId, tokenKind: 'user', ...row, ...fresh })
    .onConflictDoUpdate({
      target: [connections.orgId, connections.connectionId],
      set: { ...columns, accountId: row.accountId },
    });
}

/** Tokens are sealed for one connection's row, so its id must stand first. Of two at once one row results. */
export async function reserveId(
  database: HubDatabase,
  scope: OrgScope,
  connection: Omit<NewConnection, 'tokens'>,
): Promise<string> {
  return database.withOrg(scope, async (tx) => {
    await assertMayConnect(tx, connection.userId);
    const { provider, accountId, accountName, userId } = connection;
    const connectionId = `conn_${makeEmployeeId(randomBytes(16))}`;
    const row = { orgId: scope.orgId, connectionId, provider, accountId, accountName, connectedBy: userId };
    const inserted = await tx.db
      .insert(connections)
      .values({ ...row, status: 'disconnected' })
      .onConflictDoNothing({ target: [connections.orgId, connections.provider, connections.accountId] })
      .returning({ id: connections.connectionId });
    tx.audit({ action: 'connection.reserve', objectType: 'connection', objectId: connectionId, allowed: true });
    if (inserted[0]) return inserted[0].id;
    const isAccount = and(
      eq(connections.orgId, scope.orgId),
      eq(connections.provider, provider),
      eq(connections.accountId, accountId),
    );
    const existing = await tx.db.select({ id: connections.connectionId }).from(connections).where(isAccount);
    if (!existing[0]) throw new Error('a connection that exists cannot be seen');
    return existing[0].id;
  });
}

/**
 * The person may have lost the right while they were at the provider's page. Whom Agent-Core has not met yet has no row:
 * their token was verified when they began.
 */
async function assertMayConnect(tx: OrgTx, userId: string): Promise<void> {
  const rows = await tx.db
    .select({ permissions: memberships.permissions, removedAt: memberships.removedAt })
    .from(memberships)
    .where(and(eq(memberships.orgId, tx.orgId), eq(memberships.userId, userId)));
  const member = rows[0];
  if (member && (member.removedAt !== null || !member.permissions.includes('connections.write'))) {
    throw new ClancyError('forbidden', 'Whoever began this may no longer connect accounts.');
  }
}
