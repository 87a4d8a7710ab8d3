import { eq } from 'drizzle-orm';
import { DEFAULT_SUPERVISOR_POLICY, type SupervisorPolicy } from '../../contracts/trigger.ts';
import type { CoreDatabase, OrgReadTx, OrgScope } from '../../db/client.ts';
import { supervisorPolicies } from '../../db/schema/core/supervisor-policies.ts';
import { assertNotImpersonated } from '../http/scope.ts';

/** What the organisation wants of its supervisor; the default where it never said. */
export async function readSupervisorPolicy(tx: OrgReadTx): Promise<SupervisorPolicy> {
  const [row] = await tx.db.select().from(supervisorPolicies).where(eq(supervisorPolicies.orgId, tx.orgId));
  if (!row) return DEFAULT_SUPERVISOR_POLICY;
  return { subscriptions: row.subscriptions, matching: row.matching, match_webhooks: row.matchWebhooks };
}

/** @throws ClancyError `forbidden` for somebody who acts as another person. */
export async function setSupervisorPolicy(
  { db }: { db: Pick<CoreDatabase, 'withOrg'> },
  scope: OrgScope,
  policy: SupervisorPolicy,
): Promise<SupervisorPolicy> {
  assertNotImpersonated(scope);
  const { match_webhooks: matchWebhooks, ...rest } = policy;
  const said = { ...rest, matchWebhooks, setBy: scope.actor.id, updatedAt: new Date() };
  await db.withOrg(scope, async (tx) => {
    await tx.db
      .insert(supervisorPolicies)
      .values({ orgId: tx.orgId, ...said })
      .onConflictDoUpdate({ target: supervisorPolicies.orgId, set: said });
    tx.audit({ action: 'supervisor.set', objectType: 'supervisor', objectId: tx.orgId, allowed: true, details: policy });
  });
  return policy;
}
