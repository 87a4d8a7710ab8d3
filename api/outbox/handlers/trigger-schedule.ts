import { and, eq, isNull, sql } from 'drizzle-orm';
import { v5 as uuidV5 } from 'uuid';
import { z } from 'zod';
import { ClancyError } from '../../../contracts/errors.ts';
import type { CoreDatabase, OrgReadTx } from '../../../db/client.ts';
import { outbox } from '../../../db/schema/core/outbox.ts';
import { scheduleFirings } from '../../../db/schema/core/schedule-firings.ts';
import { findSchedule, type ScheduleRow } from '../../schedules/find.ts';
import { isFiring } from '../../schedules/trigger.ts';
import type { ScheduleEngine } from '../../temporal/schedule-engine.ts';
import type { OutboxHandler } from '../relay.ts';

const payloadSchema = z.strictObject({ schedule_id: z.uuid(), nominal_time: z.iso.datetime() });

/** Namespace of the request ids of orders: the same order is the same request. */
const ORDERS = 'b8a1b2f7-6a0c-4f0e-8f0a-0c7cf2a3f5d4';

/**
 * Carries an order to Temporal. Should Temporal take it twice, the second workflow finds the instant's run made. An order
 * for a schedule that was ended meanwhile is dropped; one for a schedule that Temporal has not heard of yet waits, and one
 * for a schedule that Temporal refuses is refused.
 */
export function createTriggerScheduleHandler(deps: {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  engine: Pick<ScheduleEngine, 'trigger'>;
}): OutboxHandler {
  return async (message) => {
    const { schedule_id: scheduleId, nominal_time } = payloadSchema.parse(message.payload);
    const known = await deps.db.withOrgRead(message, (tx) => read(tx, scheduleId)).catch(unlessGone);
    if (!known || known.row.status === 'retired') return async () => undefined;
    const { row } = known;
    const requestId = uuidV5(`${scheduleId} ${nominal_time}`, ORDERS);
    const isKnown = await deps.engine.trigger(scheduleId, { at: new Date(nominal_time), overlap: row.overlap, requestId });
    if (isKnown) return async () => undefined;
    if (!known.isRefused) throw new ClancyError('dependency_unavailable', 'Temporal does not know this schedule yet.');
    return async (tx) => {
      const refused = { status: 'refused', refusedCode: 'conflict', refusedReason: row.statusNote } as const;
      await tx.db
        .update(scheduleFirings)
        .set(refused)
        .where(and(isFiring(tx.orgId, scheduleId, new Date(nominal_time)), eq(scheduleFirings.status, 'ordered')));
    };
  };
}

/** A schedule that Temporal is behind with, while no message is to tell it, was refused: see sync-schedule.ts. */
async function read(tx: OrgReadTx, scheduleId: string): Promise<{ row: ScheduleRow; isRefused: boolean }> {
  const row = await findSchedule(tx, scheduleId);
  const [coming] = await tx.db
    .select({ id: outbox.id })
    .from(outbox)
    .where(
      and(
        eq(outbox.orgId, tx.orgId),
        eq(outbox.kind, 'sync_schedule'),
        sql`${outbox.payload} ->> 'schedule_id' = ${scheduleId}`,
        isNull(outbox.sentAt),
      ),
    )
    .limit(1);
  return { row, isRefused: row.syncedRevision !== row.revision && !coming };
}

function unlessGone(error: unknown): undefined {
  if (error instanceof ClancyError && error.code === 'not_found') return undefined;
  throw error;
}
