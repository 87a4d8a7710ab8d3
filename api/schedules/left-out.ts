import { and, eq, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { firedWorkflowId } from '../../contracts/schedule.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import type { ScheduleState } from '../temporal/schedule-engine.ts';
import type { firingView } from './views.ts';

/** Time for Temporal to act upon an order. */
const SETTLED_AFTER_MS = 2_000;

type FiringView = z.infer<typeof firingView>;

/** The instants whose orders Temporal has not been given yet. */
export async function untoldOrders(tx: OrgReadTx, scheduleId: string): Promise<Set<string>> {
  const rows = await tx.db
    .select({ nominalTime: sql<string>`${outbox.payload} ->> 'nominal_time'` })
    .from(outbox)
    .where(
      and(
        eq(outbox.orgId, tx.orgId),
        eq(outbox.kind, 'trigger_schedule'),
        sql`${outbox.payload} ->> 'schedule_id' = ${scheduleId}`,
        isNull(outbox.sentAt),
      ),
    );
  return new Set(rows.map(({ nominalTime }) => nominalTime));
}

/**
 * An order as it stands at Temporal, which leaves one out without a word: one that it was given, that it neither started nor
 * keeps waiting, while it counts runs left out because an earlier one was going on. What it cannot tell any more, since too
 * many others were started after it, stays `ordered`.
 *
 * @param state as Temporal said it after `untold` was read.
 */
export function withFate(
  order: FiringView,
  orderedAt: Date,
  known: { scheduleId: string; untold: ReadonlySet<string>; state: ScheduleState | undefined; now: Date },
): FiringView {
  const { scheduleId, untold, state, now } = known;
  if (order.status !== 'ordered' || untold.has(order.nominal_time) || !state) return order;
  if (now.getTime() - orderedAt.getTime() < SETTLED_AFTER_MS) return order;
  const workflowId = firedWorkflowId(scheduleId, new Date(order.nominal_time));
  const isStarted = state.started.some((one) => one.workflowId === workflowId);
  const isLeftOut = !isStarted && state.waiting === 0 && state.skippedOverlap > 0 && state.startedIsWholeSince < orderedAt;
  return isLeftOut ? { ...order, status: 'skipped', refused_reason: 'Left out: an earlier run was still going on.' } : order;
}
