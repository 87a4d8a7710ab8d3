import { and, eq, ne, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { Logger } from '../../platform/logger.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { OutgoingError, type OutgoingClient } from '../../platform/outgoing/client.ts';
import type { Revocation } from '../providers/definition.ts';
import type { Provider, Registry } from '../providers/registry.ts';
import { openToken } from '../tokens/seal.ts';

export interface DisconnectDeps {
  database: HubDatabase;
  secretBox: SecretBox;
  outgoing: OutgoingClient;
  registry: Registry;
  logger: Logger;
}

const REVOKE_TIMEOUT_MS = 5_000;

/**
 * Erases a connection's tokens, then ends the grant at the provider. Erased first: whatever happens afterwards, nothing
 * here can use the account any more. A provider that cannot be reached keeps a grant whose tokens nobody has.
 *
 * @throws ClancyError `not_found`
 */
export async function disconnect(deps: DisconnectDeps, scope: OrgScope, connectionId: string): Promise<void> {
  const taken = await erase(deps.database, scope, connectionId);
  if (taken?.accessToken === null || taken === undefined) return;
  const provider = await deps.registry.of(scope.orgId).provider(taken.provider);
  if (!provider?.definition.revocation) return;
  const at = { orgId: scope.orgId, connectionId };
  const accessToken = await openToken(deps.secretBox, at, 'access_token', taken.accessToken);
  const refreshToken =
    taken.refreshToken === null ? undefined : await openToken(deps.secretBox, at, 'refresh_token', taken.refreshToken);
  const held = { accountId: taken.accountId, accessToken, refreshToken };
  const problem = await revoke(deps.outgoing, provider, provider.definition.revocation, held);
  if (problem !== undefined)
    deps.logger.warn({ connection_id: connectionId, reason: problem }, 'the provider did not revoke a grant');
}

/** Undefined: done. */
async function revoke(
  outgoing: OutgoingClient,
  { addresses, client: { id, secret } }: Provider,
  { request, isDone }: Revocation,
  held: { accountId: string; accessToken: string; refreshToken: string | undefined },
): Promise<string | undefined> {
  const { verb = 'POST', path = '', headers, body } = request({ ...held, client: { id, secret: await secret() } });
  const url = new URL(`${addresses.revoke}${path}`);
  try {
    const answer = await outgoing.send({
      method: verb,
      url,
      headers: { accept: 'application/json', ...headers },
      body,
      timeoutMs: REVOKE_TIMEOUT_MS,
      allowedOrigin: url.origin,
    });
    return isDone(answer) ? undefined : `http_${answer.status}`;
  } catch (error) {
    if (error instanceof OutgoingError) return error.reason;
    throw error;
  }
}

/** The tokens that were there, for revoking them. Undefined: somebody else has disconnected it. */
async function erase(database: HubDatabase, scope: OrgScope, connectionId: string) {
  return database.withOrg(scope, async (tx) => {
    const isIt = and(eq(connections.orgId, scope.orgId), eq(connections.connectionId, connectionId));
    const { provider, accountId, accessToken, refreshToken } = connections;
    const columns = { provider, accountId, accessToken, refreshToken };
    const before = (await tx.db.select(columns).from(connections).where(isIt).for('update'))[0];
    if (!before) throw new ClancyError('not_found', 'There is no such connection.');
    const erased = await tx.db
      .update(connections)
      .set({
        status: 'disconnected',
        accessToken: null,
        refreshToken: null,
        tokenExpiresAt: null,
        tokenVersion: sql`${connections.tokenVersion} + 1`,
        refreshOwner: null,
        refreshUntil: null,
        disconnectedAt: sql`now()`,
        updatedAt: sql`now()`,
      })
      .where(and(isIt, ne(connections.status, 'disconnected')))
      .returning({ id: connections.connectionId });
    if (erased.length === 0) return undefined;
    tx.audit({ action: 'connection.disconnect', objectType: 'connection', objectId: connectionId, allowed: true });
    return before;
  });
}
