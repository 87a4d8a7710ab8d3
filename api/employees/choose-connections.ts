import { missingScopes, type Catalogue, type Connection } from '../../contracts/capability.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { LaunchRequest } from '../../contracts/launch.ts';

/** Connection id by provider. */
export type ChosenConnections = ReadonlyMap<string, string>;

export interface ConnectionChoice {
  /** Qualified capabilities that need a connection. */
  capabilities: readonly string[];
  catalogue: Catalogue;
  /** The manager's choice, by provider. */
  wanted: { [provider: string]: string };
  launchUrl: (provider: string, request: LaunchRequest) => string;
}

interface MissingConnection {
  provider: string;
  launch: string;
  problem: string;
}

/**
 * One usable connection per provider: the one that was asked for, else the only one there is. It must have the scopes that
 * the capabilities need.
 * @throws ClancyError `connection_required` naming each provider that has none, and where to connect it.
 */
export function chooseConnections({ capabilities, catalogue, wanted, launchUrl }: ConnectionChoice): ChosenConnections {
  const providers = new Set(capabilities.map((capability) => capability.slice(0, capability.indexOf('/'))));
  const chosen = new Map<string, string>();
  const missing: MissingConnection[] = [];
  for (const provider of providers) {
    const active = activeConnections(catalogue, provider);
    const found = wanted[provider] === undefined ? onlyOne(active) : active.find((one) => one.connection_id === wanted[provider]);
    const lacking = found ? missingScopes(catalogue, capabilities, found) : [];
    if (found && lacking.length === 0) {
      chosen.set(provider, found.connection_id);
      continue;
    }
    const launch = launchUrl(provider, { capabilities, connectionId: found?.connection_id });
    missing.push({ provider, launch, problem: found ? lacks(found, lacking) : problemOf(active, wanted[provider]) });
  }
  const [first] = missing;
  if (first === undefined) return chosen;
  throw new ClancyError('connection_required', missing.map(({ provider, problem }) => `${provider}: ${problem}`).join('; '), {
    next: `Open ${first.launch} (GET with your token answers { url }) to connect ${first.provider}, or name a connection in \`connections\`.`,
    extra: { connections: missing },
  });
}

function activeConnections(catalogue: Catalogue, provider: string): Connection[] {
  return catalogue.providers
    .filter((entry) => entry.provider === provider)
    .flatMap((entry) => entry.connections)
    .filter(({ status }) => status === 'active');
}

function onlyOne(connections: Connection[]): Connection | undefined {
  return connections.length === 1 ? connections[0] : undefined;
}

function lacks({ connection_id: id }: Connection, scopes: string[]): string {
  return `the connection ${id} lacks the scopes ${scopes.join(', ')}`;
}

function problemOf(active: Connection[], wanted: string | undefined): string {
  if (wanted !== undefined) return 'the named connection is not an active one of this organisation';
  const ids = active.map(({ connection_id }) => connection_id);
  return ids.length === 0 ? 'nothing is connected' : `several connections (${ids.join(', ')}): say which`;
}
