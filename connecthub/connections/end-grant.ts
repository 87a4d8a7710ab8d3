import { and, eq, isNotNull, sql } from 'drizzle-orm';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { Logger } from '../../platform/logger.ts';
import { OutgoingError, type OutgoingClient } from '../../platform/outgoing/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { Revocation } from '../providers/definition.ts';
import type { Provider, Registry } from '../providers/registry.ts';
import { openToken } from '../tokens/seal.ts';

export interface EndGrantDeps {
  database: HubDatabase;
  secretBox: SecretBox;
  outgoing: OutgoingClient;
  registry: Registry;
  logger: Logger;
  /** Id of this copy. */
  owner: string;
}

const REVOKE_TIMEOUT_MS = 5_000;
/** Longer than the revocation takes; whoever died at it is succeeded after it. */
export const END_LEASE_SECONDS = 15;

/** Tokens of a connection that was disconnected, sealed. */
export interface Ending {
  connectionId: string;
  provider: string;
  accountId: string;
  accessToken: string | null;
  refreshToken: string | null;
}

export const ENDING = {
  connectionId: connections.connectionId,
  provider: connections.provider,
  accountId: connections.accountId,
  accessToken: connections.accessToken,
  refreshToken: connections.refreshToken,
};

/** Takes over what a copy was ending when it died. */
export async function takeOverEnding(deps: EndGrantDeps, orgId: string, connectionId: string): Promise<void> {
  const scope = systemScope(deps, orgId);
  const [taken] = await deps.database.withOrg(scope, async (tx) => {
    const rows = await tx.db
      .update(connections)
      .set({ refreshOwner: deps.owner, refreshUntil: sql`now() + make_interval(secs => ${END_LEASE_SECONDS})` })
      .where(
        and(isDisconnected(orgId, connectionId), isNotNull(connections.refreshOwner), sql`${connections.refreshUntil} < now()`),
      )
      .returning(ENDING);
    tx.audit({ action: 'connection.end_again', objectType: 'connection', objectId: connectionId, allowed: rows.length > 0 });
    return rows;
  });
  if (taken) await endGrant(deps, scope, taken);
}

/**
 * Ends a grant at its provider, then erases the tokens, whatever the provider said: one that cannot be reached keeps a
 * grant whose tokens nobody has.
 */
export async function endGrant(deps: EndGrantDeps, scope: OrgScope, ending: Ending): Promise<void> {
  const { connectionId } = ending;
  await revoke(deps, scope.orgId, ending).then(
    (problem) =>
      problem && deps.logger.warn({ connection_id: connectionId, reason: problem }, 'the provider did not revoke a grant'),
    // Such as tokens that no key opens any more.
    (error: unknown) => deps.logger.warn({ err: error, connection_id: connectionId }, 'a grant could not be revoked'),
  );
  await deps.database.withOrg(scope, async (tx) => {
    await tx.db
      .update(connections)
      .set({ accessToken: null, refreshToken: null, refreshOwner: null, refreshUntil: null, updatedAt: sql`now()` })
      .where(isDisconnected(scope.orgId, connectionId));
    tx.audit({ action: 'connection.erase', objectType: 'connection', objectId: connectionId, allowed: true });
  });
}

/** Undefined: done, or nothing to do. */
async function revoke(deps: EndGrantDeps, orgId: string, ending: Ending): Promise<string | undefined> {
  const { accountId, connectionId } = ending;
  const provider = await deps.registry.of(orgId).provider(ending.provider);
  if (!provider?.definition.revocation || ending.accessToken === null) return undefined;
  const at = { orgId, connectionId };
  const accessToken = await openToken(deps.secretBox, at, 'access_token', ending.accessToken);
  const refreshToken =
    ending.refreshToken === null ? undefined : await openToken(deps.secretBox, at, 'refresh_token', ending.refreshToken);
  return send(deps.outgoing, provider, provider.definition.revocation, { accountId, accessToken, refreshToken });
}

async function send(
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

/** A connection that was connected anew meanwhile has other tokens: they are left alone. */
function isDisconnected(orgId: string, connectionId: string) {
  return and(eq(connections.orgId, orgId), eq(connections.connectionId, connectionId), eq(connections.status, 'disconnected'));
}

function systemScope({ owner }: Pick<EndGrantDeps, 'owner'>, orgId: string): OrgScope {
  return { orgId, actor: { type: 'system', id: 'connecthub' }, source: owner };
}
