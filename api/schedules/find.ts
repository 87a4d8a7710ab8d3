import { and, eq, ne } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import { schedules } from '../../db/schema/core/schedules.ts';

export type ScheduleRow = typeof schedules.$inferSelect;

/**
 * The organisation's schedule; with `lock`, held until the transaction ends. A deleted one is gone.
 * @throws ClancyError `not_found`, alike for another organisation's id and nobody's.
 */
export async function findSchedule(tx: OrgReadTx, scheduleId: string, lock?: 'update'): Promise<ScheduleRow> {
  const query = tx.db
    .select()
    .from(schedules)
    .where(and(eq(schedules.orgId, tx.orgId), eq(schedules.scheduleId, scheduleId), ne(schedules.status, 'deleted')));
  const [row] = await (lock ? query.for(lock) : query);
  if (!row) throw new ClancyError('not_found', 'There is no such schedule.', { next: 'GET /v1/schedules lists them.' });
  return row;
}

export type ScheduleChange = Partial<
  Pick<
    ScheduleRow,
    'ownerUserId' | 'times' | 'timezone' | 'overlap' | 'catchUpSeconds' | 'input' | 'note' | 'sentence' | 'status' | 'statusNote'
  >
>;

/** Changes a locked schedule and orders the relay to tell Temporal. */
export async function changeSchedule(tx: OrgTx, row: ScheduleRow, change: ScheduleChange): Promise<ScheduleRow> {
  const [changed] = await tx.db
    .update(schedules)
    .set({ ...change, revision: row.revision + 1, updatedAt: new Date() })
    .where(and(eq(schedules.orgId, tx.orgId), eq(schedules.scheduleId, row.scheduleId)))
    .returning();
  if (!changed) throw new Error('the locked schedule is gone');
  await orderSync(tx, row.scheduleId);
  return changed;
}

/** The message names the schedule only: whoever carries it tells Temporal what the row says then. */
export async function orderSync(tx: OrgTx, scheduleId: string): Promise<void> {
  await tx.db.insert(outbox).values({ orgId: tx.orgId, kind: 'sync_schedule', payload: { schedule_id: scheduleId } });
}
