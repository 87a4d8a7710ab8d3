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

const MAX_REASON = 300;

/**
 * Makes Temporal's schedule equal to our row, whatever the message was about: repeated, late and crossing messages end in
 * the same. Whoever told Temporal of a revision that is no longer the newest, maybe after somebody else told it of a newer
 * one, tells it again. What Temporal refuses for good is not told again: the schedule is paused, and says why.
 */
export function createSyncScheduleHandler(deps: {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  engine: Pick<ScheduleEngine, 'put' | 'remove'>;
}): OutboxHandler {
  return async (message) => {
    const { schedule_id: scheduleId } = payloadSchema.parse(message.payload);
    const { row, wanted } = await deps.db.withOrgRead(message, (tx) => read(tx, scheduleId));
    const refusal = await (wanted ? deps.engine.put(wanted) : deps.engine.remove(scheduleId));
    // What Temporal had before says something else than the row.
    if (refusal) await deps.engine.remove(scheduleId);
    return async (tx) => {
      const isRow = and(eq(schedules.orgId, tx.orgId), eq(schedules.scheduleId, scheduleId));
      const noted = await tx.db
        .update(schedules)
        .set(refusal ? refused(row, refusal.refusedBecause) : { syncedRevision: row.revision })
        .where(and(isRow, eq(schedules.revision, row.revision)))
        .returning({ id: schedules.scheduleId });
      if (noted.length === 0) throw new ClancyError('conflict', 'The schedule was changed meanwhile.');
      if (!refusal) return;
      const details = { why: refusal.refusedBecause.slice(0, MAX_REASON) };
      tx.audit({ action: 'schedule.pause', objectType: 'schedule', objectId: scheduleId, allowed: true, details });
    };
  };
}

/** The next change is told to Temporal again, and so is a mere resumption: it may have learnt meanwhile. */
function refused({ status, revision }: ScheduleRow, why: string): Partial<ScheduleRow> {
  return {
    status: status === 'active' ? 'paused' : status,
    statusNote: `Temporal refuses this schedule: ${why.slice(0, MAX_REASON)}`,
    revision: revision + 1,
    updatedAt: new Date(),
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
