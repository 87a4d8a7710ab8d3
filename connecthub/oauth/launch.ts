import { and, eq, ne } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { LaunchRequest } from '../../contracts/launch.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { ConsentProvider, OrgRegistry, Registry } from '../providers/registry.ts';
import { openLaunch } from './states.ts';
import { wantedScopes } from './wanted-scopes.ts';

export interface LaunchDeps {
  database: HubDatabase;
  registry: Registry;
  publicUrl: URL;
}

/**
 * The single-use address that a person opens in their browser to connect an account.
 *
 * @throws ClancyError `capability_unknown`, or `not_found` for a connection of somebody else
 */
export async function launch(deps: LaunchDeps, scope: OrgScope, provider: ConsentProvider, request: LaunchRequest): Promise<URL> {
  const { id } = provider.definition;
  const registry = deps.registry.of(scope.orgId);
  const capabilities = await Promise.all(request.capabilities.map((name) => findCapability(registry, name)));
  const held = request.connectionId === undefined ? [] : await scopesOf(deps.database, scope.orgId, id, request.connectionId);
  const scopes = capabilities.length === 0 ? [] : wantedScopes(provider.definition, { capabilities, held });
  const url = new URL(`/oauth/launch/${id}`, deps.publicUrl);
  url.searchParams.set('code', await openLaunch(deps.database, scope, { provider: id, scopes }));
  return url;
}

async function findCapability(registry: OrgRegistry, qualified: string) {
  const capability = await registry.capability(qualified);
  if (capability) return capability.definition;
  throw new ClancyError('capability_unknown', `There is no capability ${qualified}.`, {
    next: 'See GET /capabilities (clancy capabilities list).',
  });
}

async function scopesOf(database: HubDatabase, orgId: string, provider: string, connectionId: string): Promise<string[]> {
  const isIt = and(
    eq(connections.orgId, orgId),
    eq(connections.provider, provider),
    eq(connections.connectionId, connectionId),
    ne(connections.status, 'disconnected'),
  );
  const rows = await database.withOrgRead({ orgId }, (tx) =>
    tx.db.select({ scopes: connections.scopes }).from(connections).where(isIt),
  );
  const found = rows[0];
  if (!found) throw new ClancyError('not_found', 'There is no such connection.', { next: 'See GET /connections.' });
  return found.scopes;
}
