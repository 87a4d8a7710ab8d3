import { and, desc, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { CoreDatabase, OrgReadTx } from '../../db/client.ts';
import { runs } from '../../db/schema/core/runs.ts';
import { scheduleFirings } from '../../db/schema/core/schedule-firings.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import type { ScheduleEngine, ScheduleState } from '../temporal/schedule-engine.ts';
import { findSchedule, type ScheduleRow } from './find.ts';
import { untoldOrders, withFate } from './left-out.ts';
import { toScheduleSummary, upcoming, type firingView, type scheduleView } from './views.ts';

const NEXT = 10;
const RECENT = 10;

export interface GetScheduleDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  scheduleEngine: Pick<ScheduleEngine, 'describe'>;
  ui: UiLinks;
  now: () => Date;
}

/**
 * A schedule with its next ten instants, what became of the last ten, and what Temporal says of it.
 * @throws ClancyError `not_found`
 */
export async function getSchedule(
  deps: GetScheduleDeps,
  orgId: string,
  scheduleId: string,
): Promise<{ row: ScheduleRow; view: z.infer<typeof scheduleView> }> {
  const { row, recent, untold } = await deps.db.withOrgRead({ orgId }, async (tx) => ({
    row: await findSchedule(tx, scheduleId),
    recent: await recentFirings(tx, scheduleId),
    untold: await untoldOrders(tx, scheduleId),
  }));
  // Temporal may be away: what the row says is shown all the same.
  const state = await deps.scheduleEngine.describe(scheduleId).catch(() => undefined);
  const view = {
    ...toScheduleSummary(row, deps),
    input: row.input,
    next_times: upcoming(row, NEXT, deps.now()),
    recent: recent.map(({ view, at }) => withFate(view, at, { scheduleId, untold, state, now: deps.now() })),
    temporal: state ? temporalWord(state) : null,
  };
  return { row, view };
}

interface RecentFiring {
  view: z.infer<typeof firingView>;
  /** When it was written. */
  at: Date;
}

async function recentFirings(tx: OrgReadTx, scheduleId: string): Promise<RecentFiring[]> {
  const rows = await tx.db
    .select({ firing: scheduleFirings, runStatus: runs.status })
    .from(scheduleFirings)
    .leftJoin(runs, and(eq(runs.orgId, scheduleFirings.orgId), eq(runs.runId, scheduleFirings.runId)))
    .where(and(eq(scheduleFirings.orgId, tx.orgId), eq(scheduleFirings.scheduleId, scheduleId)))
    .orderBy(desc(scheduleFirings.nominalAt))
    .limit(RECENT);
  return rows.map(({ firing, runStatus }) => ({ view: toFiring(firing, runStatus), at: firing.at }));
}

function toFiring(firing: typeof scheduleFirings.$inferSelect, runStatus: string | null): RecentFiring['view'] {
  return {
    nominal_time: firing.nominalAt.toISOString(),
    status: firing.status,
    ordered_by: firing.orderedBy,
    run_id: firing.runId,
    run_status: runStatus,
    refused_code: firing.refusedCode,
    refused_reason: firing.refusedReason,
  };
}

function temporalWord(state: ScheduleState): z.infer<typeof scheduleView>['temporal'] {
  const { isPaused, note = '', skippedOverlap, missedCatchUp } = state;
  return { paused: isPaused, note, skipped_overlap: skippedOverlap, missed_catch_up: missedCatchUp };
}
