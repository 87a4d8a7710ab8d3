import type { HubDatabase, OrgScope } from '../../db/client.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import type { Breakers } from '../limits/breaker.ts';
import { createRequestShares } from '../limits/request-shares.ts';
import type { Provider } from '../providers/registry.ts';
import { createProviderApi, type ProviderApi } from '../proxy/provider-api.ts';
import type { Tokens } from '../tokens/tokens.ts';

export interface ConnectionApiDeps {
  database: HubDatabase;
  outgoing: OutgoingClient;
  tokens: Tokens;
  breakers: Breakers;
  owner: string;
}

/** All requests of one piece of work together; leases are longer. */
const TIMEOUT_MS = 20_000;

/**
 * The way to a connection's account for what nobody called for: within the provider's limits, as for calls.
 *
 * @throws ClancyError as `Tokens.current`
 */
export async function connectionApi(
  deps: ConnectionApiDeps,
  provider: Provider,
  { orgId, connectionId, scopes }: { orgId: string; connectionId: string; scopes: readonly string[] },
): Promise<ProviderApi> {
  const { accessToken, accountId } = await deps.tokens.current(orgId, connectionId);
  const scope: OrgScope = { orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
  return createProviderApi(deps.outgoing, provider, {
    accessToken,
    accountId,
    scopes,
    timeoutMs: TIMEOUT_MS,
    shares: createRequestShares(deps.database, { scope, connectionId, limits: provider.limits }),
    breaker: deps.breakers.of(provider.definition.id, connectionId),
  });
}
