import { and, eq, inArray, ne } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { LaunchRequest } from '../../contracts/launch.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { ConsentProvider, OrgRegistry, Registry } from '../providers/registry.ts';
import { tokenRowOf } from '../tokens/token-kind.ts';
import { assertReturnTo } from './return-to.ts';
import { openLaunch } from './states.ts';
import { wantedScopes, type Scopes } from './wanted-scopes.ts';

export interface LaunchDeps {
  database: HubDatabase;
  registry: Registry;
  publicUrl: URL;
  /** Where people may be led when all is done. */
  returnTo: readonly string[];
}

/**
 * The single-use address that a person opens in their browser to connect an account.
 *
 * @throws ClancyError `capability_unknown`, `invalid_request` for a way back that is none of the installation's, or
 *   `not_found` for a connection of somebody else
 */
export async function launch(deps: LaunchDeps, scope: OrgScope, provider: ConsentProvider, request: LaunchRequest): Promise<URL> {
  const { id } = provider.definition;
  const { connectionId, returnTo } = request;
  if (returnTo !== undefined) assertReturnTo(deps.returnTo, returnTo);
  const registry = deps.registry.of(scope.orgId);
  const capabilities = await Promise.all(request.capabilities.map((name) => findCapability(registry, name)));
  const held = connectionId === undefined ? NONE : await scopesOf(deps.database, scope.orgId, id, connectionId);
  const scopes = capabilities.length === 0 ? NONE : wantedScopes(provider.definition, { capabilities, held });
  const url = new URL(`/oauth/launch/${id}`, deps.publicUrl);
  url.searchParams.set('code', await openLaunch(deps.database, scope, { provider: id, scopes, connectionId, returnTo }));
  return url;
}

/** As what is asked for: all that there is. */
const NONE: Scopes = { own: [], user: [] };

async function findCapability(registry: OrgRegistry, qualified: string) {
  const capability = await registry.capability(qualified);
  if (capability) return capability.definition;
  throw new ClancyError('capability_unknown', `There is no capability ${qualified}.`, {
    next: 'See GET /capabilities (clancy capabilities list).',
  });
}

async function scopesOf(database: HubDatabase, orgId: string, provider: string, connectionId: string): Promise<Scopes> {
  const areThey = and(
    eq(connections.orgId, orgId),
    eq(connections.provider, provider),
    inArray(connections.connectionId, [connectionId, tokenRowOf(connectionId, 'user')]),
    ne(connections.status, 'disconnected'),
  );
  const rows = await database.withOrgRead({ orgId }, (tx) =>
    tx.db.select({ kind: connections.tokenKind, scopes: connections.scopes }).from(connections).where(areThey),
  );
  const own = rows.find(({ kind }) => kind === 'bot');
  if (!own) throw new ClancyError('not_found', 'There is no such connection.', { next: 'See GET /connections.' });
  return { own: own.scopes, user: rows.find(({ kind }) => kind === 'user')?.scopes ?? [] };
}
