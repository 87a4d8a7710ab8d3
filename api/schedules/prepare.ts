import { ClancyError } from '../../contracts/errors.ts';
import type { OrgTx } from '../../db/client.ts';
import { scheduleFirings } from '../../db/schema/core/schedule-firings.ts';
import { acceptRun, type AcceptDeps } from '../runs/accept.ts';
import { changeSchedule, findSchedule, type ScheduleRow } from './find.ts';
import { ownerMayStartRuns } from './owner.ts';
import { isDueAt } from './times/next-times.ts';
import { readTimes } from './times/read-times.ts';
import { isFiring } from './trigger.ts';

/** One execution of `scheduledRun`, as Temporal says, and the instant in its id. */
export interface Firing {
  scheduleId: string;
  nominalAt: Date;
  workflowId: string;
  temporalRunId: string;
}

export type Prepared = { runId: string } | { refused: ClancyError };

/** Temporal's clock may be ahead of ours by so much. */
const MAX_SKEW_MS = 60_000;
/** Time for the workflow to start its child before anybody looks for it. */
const START_TAKES_MS = 300;

/**
 * Writes the run of one instant of a schedule, once: a repetition of the same execution finds it, another execution gets
 * none. An instant that is neither one of the schedule's times nor ordered by a person is nobody's.
 *
 * @throws ClancyError `ids_disagree` for such an instant, `not_found` for such a schedule.
 */
export async function prepareRun(tx: OrgTx, deps: AcceptDeps & { now: () => Date }, firing: Firing): Promise<Prepared> {
  const schedule = await findSchedule(tx, firing.scheduleId, 'update');
  const [known] = await tx.db
    .select()
    .from(scheduleFirings)
    .where(isFiring(tx.orgId, firing.scheduleId, firing.nominalAt));
  if (known?.status === 'prepared' && known.runId !== null) {
    if (known.workflowId === firing.workflowId && known.temporalRunId === firing.temporalRunId) return { runId: known.runId };
    return { refused: new ClancyError('conflict', 'Another workflow was given the run of this instant.') };
  }
  if (!known) assertReal(schedule, firing, deps.now());
  const isOrdered = known?.orderedBy != null;
  const refusal = await refusalOf(tx, schedule, isOrdered);
  if (refusal) return refuse(tx, schedule, firing, refusal);
  const { runId } = await acceptRun(tx, deps, {
    employeeId: schedule.employeeId,
    trigger: {
      type: 'schedule',
      payload: schedule.input,
      source: `schedule:${schedule.scheduleId}`,
      schedule: { schedule_id: schedule.scheduleId, nominal_time: firing.nominalAt.toISOString() },
    },
    requestedAt: deps.now(),
    idTime: `${firing.nominalAt.toISOString().slice(0, 16)}Z`,
    initiator: {
      type: 'schedule',
      id: schedule.ownerUserId,
      schedule_id: schedule.scheduleId,
      ...(known?.orderedBy && { ordered_by: known.orderedBy }),
    },
    principal: { type: 'schedule', id: schedule.ownerUserId },
    start: {
      kind: 'note_start',
      payload: { workflow_id: firing.workflowId, temporal_run_id: firing.temporalRunId },
      notBefore: new Date(Date.now() + START_TAKES_MS),
    },
  });
  await record(tx, firing, { status: 'prepared', runId, refusedCode: null, refusedReason: null });
  return { runId };
}

/** Whoever may write at Temporal can change, trigger or backfill its schedule; our row says which instants there are. */
function assertReal(schedule: ScheduleRow, { nominalAt }: Firing, now: Date): void {
  const isDue = isDueAt(readTimes(schedule.times), schedule.timezone, nominalAt);
  const isInItsLife = nominalAt >= schedule.createdAt && nominalAt.getTime() <= now.getTime() + MAX_SKEW_MS;
  if (!isDue || !isInItsLife) throw new ClancyError('ids_disagree', 'The schedule knows no such instant.');
}

async function refusalOf(tx: OrgTx, schedule: ScheduleRow, isOrdered: boolean): Promise<ClancyError | undefined> {
  const mayRun = schedule.status === 'active' || (schedule.status === 'paused' && isOrdered);
  if (!mayRun) return new ClancyError('conflict', `The schedule is not on: ${schedule.status}.`);
  if (await ownerMayStartRuns(tx, schedule.ownerUserId)) return undefined;
  const why = `${schedule.ownerUserId} may not start runs in this organisation any more`;
  await changeSchedule(tx, schedule, { status: 'needs_owner', statusNote: why });
  tx.audit({ action: 'schedule.pause', objectType: 'schedule', objectId: schedule.scheduleId, allowed: true, details: { why } });
  return new ClancyError('permission_missing', `needs_owner: ${why}.`);
}

/** Notes that an instant passed without a run, and why: the schedule shows it. */
export async function refuse(
  tx: OrgTx,
  schedule: Pick<ScheduleRow, 'scheduleId'>,
  firing: Firing,
  refused: ClancyError,
): Promise<Prepared> {
  await record(tx, firing, { status: 'refused', runId: null, refusedCode: refused.code, refusedReason: refused.message });
  tx.audit({
    action: 'schedule.fire',
    objectType: 'schedule',
    objectId: schedule.scheduleId,
    allowed: false,
    details: { nominal_time: firing.nominalAt.toISOString(), code: refused.code },
  });
  return { refused };
}

async function record(
  tx: OrgTx,
  { scheduleId, nominalAt, workflowId, temporalRunId }: Firing,
  outcome: Pick<typeof scheduleFirings.$inferInsert, 'status' | 'runId' | 'refusedCode' | 'refusedReason'>,
): Promise<void> {
  const made = { ...outcome, workflowId, temporalRunId };
  await tx.db
    .insert(scheduleFirings)
    .values({ orgId: tx.orgId, scheduleId, nominalAt, ...made })
    .onConflictDoUpdate({
      target: [scheduleFirings.orgId, scheduleFirings.scheduleId, scheduleFirings.nominalAt],
      set: made,
    });
}
