import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { CoreDatabase } from '../../db/client.ts';
import type { PayloadKeys } from '../../platform/payloads/payload-key.ts';

export const payloadKeyBody = z.strictObject({
  workflow_id: z.string().min(1).max(400),
  /** Absent: the key in use. */
  kid: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/)
    .optional(),
});
export const payloadKeyView = z.strictObject({ org_id: z.string(), kid: z.string(), key: z.string() });

export interface PayloadKeyRouteDeps {
  db: Pick<CoreDatabase, 'withOrg'>;
  payloadKeys: PayloadKeys;
}

/**
 * The key that the payloads of a workflow are encrypted with, for a worker, which has no database. It opens payloads and
 * nothing else. The id of an employee or a schedule must be known to get its organisation's.
 *
 * @throws ClancyError `not_found` for a workflow of nobody, and for a key that its organisation has not.
 */
export async function issuePayloadKey(
  deps: PayloadKeyRouteDeps,
  source: string,
  { workflow_id: workflowId, kid }: z.infer<typeof payloadKeyBody>,
): Promise<z.infer<typeof payloadKeyView>> {
  const found = await (kid === undefined ? deps.payloadKeys.inUse(workflowId) : deps.payloadKeys.named(workflowId, kid));
  if (!found) throw new ClancyError('not_found', 'There is no such key for this workflow.');
  const scope = { orgId: found.orgId, actor: { type: 'service', id: 'worker' }, source } as const;
  await deps.db.withOrg(scope, async (tx) => {
    const details = { workflow_id: workflowId };
    tx.audit({ action: 'payload_key.issue', objectType: 'data_key', objectId: found.kid, allowed: true, details });
  });
  return { org_id: found.orgId, kid: found.kid, key: found.key.toString('base64') };
}
