import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgScope } from '../../db/client.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { scheduleSettings, type ScheduleDeps } from './create.ts';
import { changeSchedule, findSchedule, type ScheduleChange, type ScheduleRow } from './find.ts';
import { readTimes } from './times/read-times.ts';
import { readTimezone } from './times/zone.ts';
import { etagOf } from './views.ts';

export const updateScheduleBody = z.strictObject({
  times: scheduleSettings.times.optional(),
  timezone: scheduleSettings.timezone.optional(),
  overlap: scheduleSettings.overlap.optional(),
  catch_up_seconds: scheduleSettings.catch_up_seconds.optional(),
  input: scheduleSettings.input.optional(),
  note: scheduleSettings.note.nullable().optional(),
});

export interface UpdateScheduleRequest {
  scheduleId: string;
  /** Entity tag of the schedule that the caller decided upon; absent = whatever it is now. */
  ifMatch: string | undefined;
  body: z.infer<typeof updateScheduleBody>;
}

/**
 * Changes the named members of a schedule. Its owner stays: what it runs is the employee's, and in the owner's name.
 * @throws ClancyError `forbidden`, `invalid_request`, `not_found`, `version_conflict`, `conflict` (retired).
 */
export async function updateSchedule(deps: ScheduleDeps, scope: OrgScope, request: UpdateScheduleRequest): Promise<ScheduleRow> {
  assertNotImpersonated(scope);
  const change = readChange(request.body);
  const row = await deps.db.withOrg(scope, async (tx) => {
    const before = await findSchedule(tx, request.scheduleId, 'update');
    if (before.status === 'retired') throw new ClancyError('conflict', 'The employee of this schedule is retired.');
    if (request.ifMatch !== undefined && request.ifMatch !== '*' && request.ifMatch !== etagOf(before)) {
      throw new ClancyError('version_conflict', 'The schedule was changed in the meantime.', {
        next: 'Read it again, and repeat with its current ETag if you still want to.',
      });
    }
    const members = Object.keys(request.body);
    tx.audit({
      action: 'schedule.update',
      objectType: 'schedule',
      objectId: before.scheduleId,
      allowed: true,
      details: { members },
    });
    return changeSchedule(tx, before, change);
  });
  deps.wakeRelay();
  return row;
}

function readChange(body: UpdateScheduleRequest['body']): ScheduleChange {
  const { times, timezone, overlap, catch_up_seconds: catchUpSeconds, input, note } = body;
  if (times !== undefined) readTimes(times);
  return {
    ...(times !== undefined && { times }),
    ...(timezone !== undefined && { timezone: readTimezone(timezone) }),
    ...(overlap !== undefined && { overlap }),
    ...(catchUpSeconds !== undefined && { catchUpSeconds }),
    ...(input !== undefined && { input }),
    ...(note !== undefined && { note }),
  };
}
