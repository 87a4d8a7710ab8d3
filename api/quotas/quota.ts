import { createHash } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { DEFAULT_QUOTA, quotaSchema, type Quota } from '../../contracts/policy.ts';
import type { CoreDatabase, OrgReadTx, OrgScope } from '../../db/client.ts';
import { quotas } from '../../db/schema/authz/quotas.ts';
import { assertNotImpersonated } from '../http/scope.ts';

export const quotaView = quotaSchema.extend({
  /** Null where nobody has set one: the default holds. */
  set_by: z.string().nullable(),
  updated_at: z.iso.datetime().nullable(),
});
export type QuotaView = z.infer<typeof quotaView>;

interface QuotaDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
}

export async function readQuota({ db }: QuotaDeps, orgId: string): Promise<QuotaView> {
  return db.withOrgRead({ orgId }, findQuota);
}

/**
 * Sets what the organisation may do, from the next call on.
 *
 * @param ifMatch entity tag of the quota that the caller decided upon; absent = whatever it is now
 * @throws ClancyError `forbidden`, `version_conflict`
 */
export async function setQuota(
  { db }: QuotaDeps,
  scope: OrgScope,
  quota: Quota,
  ifMatch: string | undefined,
): Promise<QuotaView> {
  assertNotImpersonated(scope);
  return db.withOrg(scope, async (tx) => {
    const before = await findQuota(tx, 'update');
    if (ifMatch !== undefined && ifMatch !== '*' && ifMatch !== quotaEtag(before)) {
      throw new ClancyError('version_conflict', 'The quota was changed in the meantime.', {
        next: 'Read it again, and repeat with its current ETag if you still want to.',
      });
    }
    const set = { ...toColumns(quota), setBy: scope.actor.id, updatedAt: new Date() };
    await tx.db
      .insert(quotas)
      .values({ orgId: tx.orgId, ...set })
      .onConflictDoUpdate({ target: quotas.orgId, set });
    tx.audit({ action: 'quota.set', objectType: 'quota', objectId: tx.orgId, allowed: true, details: { ...quota } });
    return findQuota(tx);
  });
}

/** Changes whenever the quota does (RFC 9110, 8.8.3). */
export function quotaEtag(view: QuotaView): string {
  return `"${createHash('sha256').update(JSON.stringify(view)).digest('base64url').slice(0, 22)}"`;
}

async function findQuota(tx: OrgReadTx, lock?: 'update'): Promise<QuotaView> {
  const query = tx.db.select().from(quotas).where(eq(quotas.orgId, tx.orgId));
  const [row] = await (lock ? query.for(lock) : query);
  if (!row) return { ...DEFAULT_QUOTA, set_by: null, updated_at: null };
  const { effectsPerDay: effects_per_day, callsPerMinute: calls_per_minute, callsAtOnce: calls_at_once } = row;
  return { effects_per_day, calls_per_minute, calls_at_once, set_by: row.setBy, updated_at: row.updatedAt.toISOString() };
}

function toColumns({ effects_per_day, calls_per_minute, calls_at_once }: Quota) {
  return { effectsPerDay: effects_per_day, callsPerMinute: calls_per_minute, callsAtOnce: calls_at_once };
}
