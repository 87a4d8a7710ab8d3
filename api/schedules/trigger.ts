import { and, eq } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { jsonSchema } from '../../contracts/json.ts';
import type { OrgScope, OrgTx } from '../../db/client.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import { scheduleFirings } from '../../db/schema/core/schedule-firings.ts';
import { once, type Answer } from '../http/idempotency.ts';
import type { ScheduleDeps } from './create.ts';
import { findSchedule } from './find.ts';

export const triggeredView = z.strictObject({
  schedule_id: z.uuid(),
  /** Names this order: `recent` of the schedule says what became of it. */
  nominal_time: z.iso.datetime(),
  links: z.strictObject({ schedule: z.string() }),
});

/** Orders for one schedule within the same second take the seconds that follow. */
const MAX_AHEAD = 60;

/**
 * Orders one run now, in the name of the schedule's owner and under its overlap policy; a paused schedule may be tried so.
 * @throws ClancyError `not_found`, `conflict` (no owner, or its employee is retired), `idempotency_key_reused`.
 */
export async function triggerSchedule(
  deps: ScheduleDeps,
  scope: OrgScope,
  request: { scheduleId: string; key: string },
): Promise<Answer> {
  const { scheduleId, key } = request;
  const route = 'POST /v1/schedules/{schedule_id}/trigger';
  const answer = await once(deps.db, scope, { route, key, input: { scheduleId } }, async (tx) => {
    const row = await findSchedule(tx, scheduleId, 'update');
    if (row.status === 'retired' || row.status === 'needs_owner') {
      throw new ClancyError('conflict', `This schedule runs no more: ${row.status}.`, {
        ...(row.status === 'needs_owner' && { next: 'Resume it: whoever does so becomes its owner.' }),
      });
    }
    const nominalAt = await order(tx, scope, scheduleId, deps.now());
    tx.audit({ action: 'schedule.trigger', objectType: 'schedule', objectId: scheduleId, allowed: true });
    const view = {
      schedule_id: scheduleId,
      nominal_time: nominalAt.toISOString(),
      links: { schedule: `/v1/schedules/${scheduleId}` },
    };
    return { status: 202, body: jsonSchema.parse(view) };
  });
  deps.wakeRelay();
  return answer;
}

/** Temporal names instants to the second; the row is what makes this one real. */
async function order(tx: OrgTx, scope: OrgScope, scheduleId: string, now: Date): Promise<Date> {
  const first = Math.floor(now.getTime() / 1_000) * 1_000;
  for (let ahead = 0; ahead < MAX_AHEAD; ahead += 1) {
    const nominalAt = new Date(first + ahead * 1_000);
    const ordered = await tx.db
      .insert(scheduleFirings)
      .values({ orgId: tx.orgId, scheduleId, nominalAt, status: 'ordered', orderedBy: scope.actor.id })
      .onConflictDoNothing()
      .returning({ nominalAt: scheduleFirings.nominalAt });
    if (ordered.length === 0) continue;
    const payload = { schedule_id: scheduleId, nominal_time: nominalAt.toISOString() };
    await tx.db.insert(outbox).values({ orgId: tx.orgId, kind: 'trigger_schedule', payload });
    return nominalAt;
  }
  throw new ClancyError('conflict', 'Too many orders for this schedule at once.', { retryAfterMs: 1_000 });
}

/** The firing of an instant, if there is one. */
export function isFiring(orgId: string, scheduleId: string, nominalAt: Date) {
  return and(
    eq(scheduleFirings.orgId, orgId),
    eq(scheduleFirings.scheduleId, scheduleId),
    eq(scheduleFirings.nominalAt, nominalAt),
  );
}
