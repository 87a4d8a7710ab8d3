import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgScope, OrgTx } from '../../db/client.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { scheduleSettings, type ScheduleDeps } from './create.ts';
import { changeSchedule, findSchedule, type ScheduleChange, type ScheduleRow } from './find.ts';
import { ownerMayStartRuns } from './owner.ts';

export const switchBody = z.strictObject({ note: scheduleSettings.note.optional() });

export interface SwitchRequest {
  scheduleId: string;
  note: string | undefined;
}

/**
 * Stops a schedule until it is resumed; runs under way go on. Pausing again changes the note.
 * @throws ClancyError `not_found`, `conflict` (its employee is retired).
 */
export async function pauseSchedule(deps: ScheduleDeps, scope: OrgScope, request: SwitchRequest): Promise<ScheduleRow> {
  return change(deps, scope, request.scheduleId, 'schedule.pause', async () => ({
    status: 'paused',
    statusNote: request.note ?? 'paused by a person',
  }));
}

/**
 * Lets a schedule run again. Whoever resumes one that has lost its owner becomes its owner, whether or not the loss was
 * noticed before.
 * @throws ClancyError `forbidden`, `not_found`, `conflict` (its employee is retired).
 */
export async function resumeSchedule(deps: ScheduleDeps, scope: OrgScope, request: SwitchRequest): Promise<ScheduleRow> {
  assertNotImpersonated(scope);
  return change(deps, scope, request.scheduleId, 'schedule.resume', async (tx, { ownerUserId }) => ({
    status: 'active',
    statusNote: request.note ?? null,
    ...(!(await ownerMayStartRuns(tx, ownerUserId)) && { ownerUserId: scope.actor.id }),
  }));
}

/**
 * Ends a schedule for good; runs under way go on. It and what it did stay on record.
 * @throws ClancyError `not_found`
 */
export async function deleteSchedule(deps: ScheduleDeps, scope: OrgScope, scheduleId: string): Promise<void> {
  await deps.db.withOrg(scope, async (tx) => dropSchedule(tx, await findSchedule(tx, scheduleId, 'update')));
  deps.wakeRelay();
}

export async function dropSchedule(tx: OrgTx, row: ScheduleRow): Promise<void> {
  await changeSchedule(tx, row, { status: 'deleted' });
  tx.audit({ action: 'schedule.delete', objectType: 'schedule', objectId: row.scheduleId, allowed: true });
}

async function change(
  deps: ScheduleDeps,
  scope: OrgScope,
  scheduleId: string,
  action: string,
  make: (tx: OrgTx, before: ScheduleRow) => Promise<ScheduleChange>,
): Promise<ScheduleRow> {
  const row = await deps.db.withOrg(scope, async (tx) => {
    const before = await findSchedule(tx, scheduleId, 'update');
    if (before.status === 'retired') throw new ClancyError('conflict', 'The employee of this schedule is retired.');
    tx.audit({ action, objectType: 'schedule', objectId: scheduleId, allowed: true, details: { from: before.status } });
    return changeSchedule(tx, before, await make(tx, before));
  });
  deps.wakeRelay();
  return row;
}
