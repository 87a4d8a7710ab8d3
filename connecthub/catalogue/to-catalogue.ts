import type { Capability as WireCapability, ProviderCatalogue } from '../../contracts/capability.ts';
import { costOf, isEffect, strategyOf } from '../providers/definition.ts';
import type { Capability, Provider } from '../providers/registry.ts';

export interface ConnectionState {
  provider: string;
  connectionId: string;
  accountName: string;
  status: 'active' | 'needs_reauth' | 'disconnected';
  scopes: string[];
}

/** A provider as the catalogue shows it. A connection that was taken away is no longer of anybody's concern. */
export function toProviderCatalogue(
  provider: Provider,
  capabilities: readonly Capability[],
  connections: ConnectionState[],
): ProviderCatalogue {
  const { id, title } = provider.definition;
  return {
    provider: id,
    title,
    capabilities: capabilities.map(toWire),
    connections: connections
      .filter((one) => one.provider === id && one.status !== 'disconnected')
      .map(({ connectionId, accountName, status, scopes }) => ({
        connection_id: connectionId,
        account_name: accountName,
        status,
        scopes,
      })),
  };
}

/** A capability as the catalogue shows it. */
export function toWire({ provider, definition, isSuspended = false }: Capability): WireCapability {
  const settleScopes = isEffect(definition) ? (definition.lookup?.scopes ?? []) : [];
  return {
    provider: provider.definition.id,
    capability: definition.capability,
    version: definition.version,
    title: definition.title,
    description: definition.description,
    permission: definition.permission,
    risk: definition.risk,
    idempotency: strategyOf(definition, settleScopes),
    cost: costOf(definition),
    scopes: [...definition.scopes],
    settle_scopes: [...settleScopes],
    input_schema: definition.inputSchema,
    output_schema: definition.outputSchema,
    ...(isSuspended && { suspended: true }),
    ...(definition.deprecated && { deprecated: definition.deprecated }),
    ...(definition.summaryParameter !== undefined && { summary_parameter: definition.summaryParameter }),
  };
}
