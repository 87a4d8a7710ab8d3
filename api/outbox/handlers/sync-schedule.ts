import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../../contracts/errors.ts';
import type { CoreDatabase, OrgReadTx } from '../../../db/client.ts';
import { schedules } from '../../../db/schema/core/schedules.ts';
import { findEmployee } from '../../employees/find.ts';
import type { ScheduleRow } from '../../schedules/find.ts';
import { readTimes } from '../../schedules/times/read-times.ts';
import type { ScheduleEngine } from '../../temporal/schedule-engine.ts';
import type { WantedSchedule } from '../../temporal/schedule-options.ts';
import type { OutboxHandler } from '../relay.ts';

const payloadSchema = z.strictObject({ schedule_id: z.uuid() });

/**
 * Makes Temporal's schedule equal to our row, whatever the message was about: repeated, late and crossing messages end in
 * the same. Whoever told Temporal of a revision that is no longer the newest, maybe after somebody else told it of a newer
 * one, tells it again.
 */
export function createSyncScheduleHandler(deps: {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  engine: Pick<ScheduleEngine, 'put' | 'remove'>;
}): OutboxHandler {
  return async (message) => {
    const { schedule_id: scheduleId } = payloadSchema.parse(message.payload);
    const { row, wanted } = await deps.db.withOrgRead(message, (tx) => read(tx, scheduleId));
    await (wanted ? deps.engine.put(wanted) : deps.engine.remove(scheduleId));
    return async (tx) => {
      const isRow = and(eq(schedules.orgId, tx.orgId), eq(schedules.scheduleId, scheduleId));
      const noted = await tx.db
        .update(schedules)
        .set({ syncedRevision: row.revision })
        .where(and(isRow, eq(schedules.revision, row.revision)))
        .returning({ id: schedules.scheduleId });
      if (noted.length === 0) throw new ClancyError('conflict', 'The schedule was changed meanwhile.');
    };
  };
}

async function read(tx: OrgReadTx, scheduleId: string): Promise<{ row: ScheduleRow; wanted: WantedSchedule | undefined }> {
  const [row] = await tx.db
    .select()
    .from(schedules)
    .where(and(eq(schedules.orgId, tx.orgId), eq(schedules.scheduleId, scheduleId)));
  if (!row) throw new Error('a message about a schedule that was never made');
  if (row.status === 'deleted' || row.status === 'retired') return { row, wanted: undefined };
  const { name } = await findEmployee(tx, row.employeeId);
  return { row, wanted: toWanted(row, name) };
}

function toWanted(row: ScheduleRow, employeeName: string): WantedSchedule {
  const isPaused = row.status !== 'active';
  const why = row.status === 'needs_owner' ? `needs_owner: ${row.statusNote ?? ''}` : row.statusNote;
  return {
    orgId: row.orgId,
    scheduleId: row.scheduleId,
    employeeId: row.employeeId,
    employeeName,
    times: row.times,
    entries: readTimes(row.times),
    timezone: row.timezone,
    overlap: row.overlap,
    catchUpSeconds: row.catchUpSeconds,
    isPaused,
    note: why ?? row.note ?? '',
  };
}
