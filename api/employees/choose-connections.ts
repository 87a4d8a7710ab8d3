import type { Catalogue } from '../../contracts/capability.ts';
import { ClancyError } from '../../contracts/errors.ts';

/** Connection id by provider. */
export type ChosenConnections = ReadonlyMap<string, string>;

export interface ConnectionChoice {
  /** Qualified capabilities that need a connection. */
  capabilities: readonly string[];
  catalogue: Catalogue;
  /** The manager's choice, by provider. */
  wanted: { [provider: string]: string };
  launchUrl: (provider: string) => string;
}

/**
 * One usable connection per provider: the one that was asked for, else the only one there is.
 * @throws ClancyError `connection_required` naming each provider that has none, and where to connect it.
 */
export function chooseConnections({ capabilities, catalogue, wanted, launchUrl }: ConnectionChoice): ChosenConnections {
  const providers = new Set(capabilities.map((capability) => capability.slice(0, capability.indexOf('/'))));
  const chosen = new Map<string, string>();
  const missing: { provider: string; launch: string; problem: string }[] = [];
  for (const provider of providers) {
    const active = activeConnections(catalogue, provider);
    const found = wanted[provider] === undefined ? onlyOne(active) : active.find((id) => id === wanted[provider]);
    if (found === undefined)
      missing.push({ provider, launch: launchUrl(provider), problem: problemOf(active, wanted[provider]) });
    else chosen.set(provider, found);
  }
  const [first] = missing;
  if (first === undefined) return chosen;
  throw new ClancyError('connection_required', missing.map(({ provider, problem }) => `${provider}: ${problem}`).join('; '), {
    next: `Open ${first.launch} (GET with your token answers { url }) to connect ${first.provider}, or name a connection in \`connections\`.`,
    extra: { connections: missing },
  });
}

function activeConnections(catalogue: Catalogue, provider: string): string[] {
  return catalogue.providers
    .filter((entry) => entry.provider === provider)
    .flatMap((entry) => entry.connections)
    .filter(({ status }) => status === 'active')
    .map(({ connection_id }) => connection_id);
}

function onlyOne(ids: string[]): string | undefined {
  return ids.length === 1 ? ids[0] : undefined;
}

function problemOf(active: string[], wanted: string | undefined): string {
  if (wanted !== undefined) return 'the named connection is not an active one of this organisation';
  return active.length === 0 ? 'nothing is connected' : `several connections (${active.join(', ')}): say which`;
}
