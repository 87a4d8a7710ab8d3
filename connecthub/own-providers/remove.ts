import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import { connectionsOf, findOwn, markRemoved } from './store.ts';

/**
 * Takes a provider out of use. Not while accounts are connected: to disconnect one is a decision of its own, which ends a
 * grant at the provider.
 *
 * @throws ClancyError `not_found`, `conflict`
 */
export async function removeProvider(database: HubDatabase, scope: OrgScope, id: string): Promise<void> {
  await database.withOrg(scope, async (tx) => {
    const row = await findOwn(tx, id, 'update');
    if (!row || row.removedAt !== null) throw new ClancyError('not_found', 'There is no such provider of your organisation.');
    const connected = await connectionsOf(tx, id);
    if (connected.length > 0) {
      throw new ClancyError('conflict', 'Accounts of it are connected.', {
        next: `Disconnect them first (clancy connections remove): ${connected.join(', ')}.`,
      });
    }
    await markRemoved(tx, id);
    tx.audit({
      action: 'provider.remove',
      objectType: 'provider',
      objectId: id,
      allowed: true,
      details: { version: row.version },
    });
  });
}
