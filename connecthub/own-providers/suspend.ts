import type { HubDatabase, OrgScope } from '../../db/client.ts';
import type { Capability } from '../providers/registry.ts';
import { addSuspended } from './store.ts';

/**
 * Has a capability not called any more until a person has looked at what its provider has made of it. A process that ends
 * before this is written asks the provider again at the next call, and learns the same.
 */
export async function suspendCapability(database: HubDatabase, scope: OrgScope, capability: Capability): Promise<void> {
  const { provider, definition } = capability;
  const { version } = provider;
  if (version === undefined) return;
  const at = { provider: provider.definition.id, version };
  await database.withOrg(scope, async (tx) => {
    if (!(await addSuspended(tx, at, definition.capability))) return;
    const details = { version, capability: definition.capability };
    tx.audit({ action: 'provider.suspend', objectType: 'provider', objectId: at.provider, allowed: true, details });
  });
}
