import { v5 as uuidV5 } from 'uuid';
import { z } from 'zod';
import { ClancyError } from '../../../contracts/errors.ts';
import type { CoreDatabase } from '../../../db/client.ts';
import { findSchedule } from '../../schedules/find.ts';
import type { ScheduleEngine } from '../../temporal/schedule-engine.ts';
import type { OutboxHandler } from '../relay.ts';

const payloadSchema = z.strictObject({ schedule_id: z.uuid(), nominal_time: z.iso.datetime() });

/** Namespace of the request ids of orders: the same order is the same request. */
const ORDERS = 'b8a1b2f7-6a0c-4f0e-8f0a-0c7cf2a3f5d4';

/**
 * Carries an order to Temporal. Should Temporal take it twice, the second workflow finds the instant's run made. An order
 * for a schedule that was ended meanwhile is dropped; one for a schedule that Temporal has not heard of yet waits.
 */
export function createTriggerScheduleHandler(deps: {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  engine: Pick<ScheduleEngine, 'trigger'>;
}): OutboxHandler {
  return async (message) => {
    const { schedule_id: scheduleId, nominal_time } = payloadSchema.parse(message.payload);
    const row = await deps.db.withOrgRead(message, (tx) => findSchedule(tx, scheduleId)).catch(unlessGone);
    if (!row || row.status === 'retired') return async () => undefined;
    const requestId = uuidV5(`${scheduleId} ${nominal_time}`, ORDERS);
    const isKnown = await deps.engine.trigger(scheduleId, { at: new Date(nominal_time), overlap: row.overlap, requestId });
    if (!isKnown) throw new ClancyError('dependency_unavailable', 'Temporal does not know this schedule yet.');
    return async () => undefined;
  };
}

function unlessGone(error: unknown): undefined {
  if (error instanceof ClancyError && error.code === 'not_found') return undefined;
  throw error;
}
