import { and, eq, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgScope } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import { reserveId, type SaveDeps } from '../oauth/save-connection.ts';
import { createProviderApi } from '../proxy/provider-api.ts';
import type { Account, OneToken } from '../providers/definition.ts';
import { ProviderRefusal, refusalError } from '../providers/refusal.ts';
import type { Provider, Registry } from '../providers/registry.ts';
import type { ExchangeAtAuth0, VaultSubject } from '../tokens/auth0.ts';
import { sealRefreshToken } from '../tokens/seal.ts';
import { tellOfConnection } from './tell-of-connection.ts';

export interface Auth0ConnectDeps extends SaveDeps {
  outgoing: OutgoingClient;
  registry: Registry;
  exchangeAtAuth0?: ExchangeAtAuth0 | undefined;
}

/** Asking whose account it is must end well before a person gives up. */
const ACCOUNT_TIMEOUT_MS = 8_000;

/**
 * Connects an account whose tokens Auth0's Token Vault holds. One token is had at once, so that a wrong refresh token is told
 * now, and the provider is asked whose account it is: the person's word would let them pass for somebody else.
 * The same account again keeps its connection.
 *
 * @throws ClancyError `not_found`, `invalid_request` (no Auth0 here, or not for this provider), `oauth_failed` or
 *   `provider_unavailable`
 */
export async function connectAuth0(
  deps: Auth0ConnectDeps,
  scope: OrgScope,
  wanted: { provider: string } & VaultSubject,
): Promise<{ connection_id: string; provider: string; account_name: string; scopes: string[] }> {
  const provider = await deps.registry.of(scope.orgId).provider(wanted.provider);
  if (!provider) throw new ClancyError('not_found', 'There is no such provider here.', { next: 'See GET /capabilities.' });
  const { token, account } = await ask(deps, provider, wanted);
  const { id } = provider.definition;
  const scopes = scopesOf(provider, token);
  const connectionId = await reserveId(deps.database, scope, { provider: id, ...account, userId: scope.actor.id });
  const refreshToken = await sealRefreshToken(deps.secretBox, scope.orgId, connectionId, wanted.refreshToken);
  await deps.database.withOrg(scope, async (tx) => {
    await tx.db
      .update(connections)
      .set({
        tokenSource: 'auth0',
        auth0Connection: wanted.connection,
        accessToken: null,
        refreshToken,
        tokenExpiresAt: null,
        tokenRefreshAt: null,
        scopes,
        accountName: account.accountName,
        status: 'active',
        tokenVersion: sql`${connections.tokenVersion} + 1`,
        refreshOwner: null,
        refreshUntil: null,
        refreshFailures: 0,
        connectedBy: scope.actor.id,
        disconnectedAt: null,
        updatedAt: sql`now()`,
      })
      .where(and(eq(connections.orgId, scope.orgId), eq(connections.connectionId, connectionId)));
    await tellOfConnection(tx, connectionId);
    const details = { provider: id, account_id: account.accountId, scopes, token_source: 'auth0', connection: wanted.connection };
    tx.audit({ action: 'connection.connect', objectType: 'connection', objectId: connectionId, allowed: true, details });
  });
  return { connection_id: connectionId, provider: id, account_name: account.accountName, scopes };
}

/** Auth0 names the scopes where they are others than were asked for; what they allow besides, the provider's definition says. */
function scopesOf({ definition: { oauth } }: Provider, { accessToken, scopes }: OneToken): string[] {
  if (!oauth) return scopes;
  const scope = (scopes.length > 0 ? scopes : oauth.scopes).join(' ');
  return oauth.readTokens({ access_token: accessToken, scope }).scopes;
}

async function ask(
  { exchangeAtAuth0: exchange, outgoing }: Auth0ConnectDeps,
  provider: Provider,
  subject: VaultSubject,
): Promise<{ token: OneToken; account: Account }> {
  const { readAccount, title } = provider.definition;
  if (!exchange) throw new ClancyError('invalid_request', 'This installation has no application at Auth0 (AUTH0_URL).');
  if (!readAccount) {
    throw new ClancyError('invalid_request', `${title} does not tell whose account a token is: it cannot come from Auth0.`);
  }
  try {
    const token = await exchange(subject);
    const call = { accessToken: token.accessToken, accountId: '', scopes: token.scopes, timeoutMs: ACCOUNT_TIMEOUT_MS };
    return { token, account: await readAccount(createProviderApi(outgoing, provider, call).reader) };
  } catch (error) {
    if (error instanceof ProviderRefusal)
      throw refusalError(error.refusal.code === 'oauth_failed' ? 'Auth0' : title, error.refusal);
    throw error;
  }
}
