import { and, eq } from 'drizzle-orm';
import { callScopeOf } from '../../contracts/ids.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { triggerRuns } from '../../db/schema/core/trigger-runs.ts';
import { triggers } from '../../db/schema/core/triggers.ts';
import type { TriggerRow } from './find.ts';

/** The trigger that a run, or the first run of its chain of retries, was started by; undefined for one that was ordered otherwise. */
export async function triggerOfRun(tx: OrgReadTx, runId: string): Promise<TriggerRow | undefined> {
  const [found] = await tx.db
    .select({ trigger: triggers })
    .from(triggerRuns)
    .innerJoin(triggers, and(eq(triggers.orgId, triggerRuns.orgId), eq(triggers.triggerId, triggerRuns.triggerId)))
    .where(and(eq(triggerRuns.orgId, tx.orgId), eq(triggerRuns.runId, callScopeOf(runId))));
  return found?.trigger;
}
