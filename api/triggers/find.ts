import { and, eq, inArray } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { triggerRuns } from '../../db/schema/core/trigger-runs.ts';
import { triggers } from '../../db/schema/core/triggers.ts';

export type TriggerRow = typeof triggers.$inferSelect;
export type TriggerRunRow = typeof triggerRuns.$inferSelect;

/** The organisation's trigger, if there is one. */
export async function lookUpTrigger(tx: OrgReadTx, triggerId: string, lock?: 'update'): Promise<TriggerRow | undefined> {
  const query = tx.db
    .select()
    .from(triggers)
    .where(and(eq(triggers.orgId, tx.orgId), eq(triggers.triggerId, triggerId)));
  const [row] = await (lock ? query.for(lock) : query);
  return row;
}

/** @throws ClancyError `not_found`, alike for another organisation's id and nobody's. */
export async function findTrigger(tx: OrgReadTx, triggerId: string, lock?: 'update'): Promise<TriggerRow> {
  const row = await lookUpTrigger(tx, triggerId, lock);
  if (!row) throw new ClancyError('not_found', 'There is no such trigger.', { next: 'GET /v1/triggers lists them.' });
  return row;
}

/** What these triggers started. */
export async function runsOfTriggers(tx: OrgReadTx, triggerIds: string[]): Promise<TriggerRunRow[]> {
  if (triggerIds.length === 0) return [];
  return tx.db
    .select()
    .from(triggerRuns)
    .where(and(eq(triggerRuns.orgId, tx.orgId), inArray(triggerRuns.triggerId, triggerIds)))
    .orderBy(triggerRuns.runId);
}
