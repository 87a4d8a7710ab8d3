import { randomUUID } from 'node:crypto';
import type { OrgTx } from '../../db/client.ts';
import { schedules } from '../../db/schema/core/schedules.ts';
import { orderSync, type ScheduleRow } from './find.ts';

/** An hour: a run that is later than this is left to the next time. */
export const DEFAULT_CATCH_UP_SECONDS = 3_600;
export const DEFAULT_OVERLAP = 'skip';

/** Writes a new schedule and orders the relay to make it at Temporal. Its times and zone have been read. */
export async function insertSchedule(
  tx: OrgTx,
  schedule: Omit<typeof schedules.$inferInsert, 'orgId' | 'scheduleId' | 'status' | 'revision' | 'syncedRevision'>,
): Promise<ScheduleRow> {
  const [row] = await tx.db
    .insert(schedules)
    .values({ ...schedule, orgId: tx.orgId, scheduleId: randomUUID() })
    .returning();
  if (!row) throw new Error('the database returned no schedule');
  await orderSync(tx, row.scheduleId);
  tx.audit({
    action: 'schedule.create',
    objectType: 'schedule',
    objectId: row.scheduleId,
    allowed: true,
    details: { employee_id: row.employeeId, source: row.source },
  });
  return row;
}
