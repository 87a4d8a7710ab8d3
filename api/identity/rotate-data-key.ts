import { randomBytes } from 'node:crypto';
import type { CoreDatabase } from '../../db/client.ts';
import { coreDataKeys } from '../../db/schema/core/data-keys.ts';
import type { KeyService } from '../../platform/secrets/key-service.ts';
import { KEY_BYTES } from '../../platform/secrets/sealed.ts';
import { systemScope } from '../http/scope.ts';

/**
 * Gives the organisation a new data key. What is encrypted from now on has it, within five minutes in processes that have
 * the one before at hand; what was encrypted with that one opens as long as its row is there.
 *
 * @returns the id of the new key
 */
export async function rotateDataKey(
  deps: { db: Pick<CoreDatabase, 'withOrg'>; keyService: Pick<KeyService, 'wrap'> },
  orgId: string,
): Promise<string> {
  const kid = randomBytes(9).toString('base64url');
  const wrapped = await deps.keyService.wrap({ orgId, kid }, randomBytes(KEY_BYTES));
  await deps.db.withOrg(systemScope(orgId, 'rotate-key'), async (tx) => {
    await tx.db.insert(coreDataKeys).values({ orgId, kid, wrapped });
    tx.audit({ action: 'data_key.rotate', objectType: 'data_key', objectId: kid, allowed: true });
  });
  return kid;
}
