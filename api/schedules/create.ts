import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import { jsonObjectSchema, jsonSchema } from '../../contracts/json.ts';
import { OVERLAP_POLICIES, scheduleTimesSchema } from '../../contracts/schedule.ts';
import type { CoreDatabase, OrgScope } from '../../db/client.ts';
import { findEmployee } from '../employees/find.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { once, type Answer } from '../http/idempotency.ts';
import { assertNotImpersonated } from '../http/scope.ts';
import { DEFAULT_CATCH_UP_SECONDS, DEFAULT_OVERLAP, insertSchedule } from './insert.ts';
import type { UiLinks } from '../../platform/temporal/web-ui.ts';
import { readTimes } from './times/read-times.ts';
import { readTimezone } from './times/zone.ts';
import { toScheduleSummary } from './views.ts';

/** Temporal's own least value is 10 s. */
const MIN_CATCH_UP_SECONDS = 10;
const MAX_CATCH_UP_SECONDS = 31 * 86_400;
const MAX_INPUT_BYTES = 64 * 1024;

export const scheduleSettings = {
  times: scheduleTimesSchema,
  /** IANA name. */
  timezone: z.string().min(1).max(100),
  overlap: z.enum(OVERLAP_POLICIES),
  catch_up_seconds: z.int().min(MIN_CATCH_UP_SECONDS).max(MAX_CATCH_UP_SECONDS),
  /** What its runs see as `trigger.payload`. */
  input: jsonObjectSchema.refine(
    (input) => Buffer.byteLength(JSON.stringify(input)) <= MAX_INPUT_BYTES,
    'an input of 64 KiB at most',
  ),
  note: z.string().max(500),
};

export const createScheduleBody = z.strictObject({
  employee_id: employeeIdSchema,
  times: scheduleSettings.times,
  timezone: scheduleSettings.timezone.default('UTC'),
  overlap: scheduleSettings.overlap.default(DEFAULT_OVERLAP),
  catch_up_seconds: scheduleSettings.catch_up_seconds.default(DEFAULT_CATCH_UP_SECONDS),
  input: scheduleSettings.input.default({}),
  note: scheduleSettings.note.optional(),
});

export interface ScheduleDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  wakeRelay: () => void;
  ui: UiLinks;
  now: () => Date;
}

/**
 * Makes a schedule; whoever makes it is its owner, in whose name its runs happen. The relay makes it at Temporal at once, or
 * when Temporal is back.
 *
 * @throws ClancyError `forbidden`, `invalid_request`, `not_found`, `conflict` (retired), `idempotency_key_reused`.
 */
export async function createSchedule(
  deps: ScheduleDeps,
  scope: OrgScope,
  request: { key: string; body: z.infer<typeof createScheduleBody> },
): Promise<Answer> {
  assertNotImpersonated(scope);
  const { key, body } = request;
  readTimes(body.times);
  const timezone = readTimezone(body.timezone);
  const answer = await once(deps.db, scope, { route: 'POST /v1/schedules', key, input: body }, async (tx) => {
    // Held, so that a retirement at the same moment sees this schedule, or this sees it.
    const employee = await findEmployee(tx, body.employee_id, 'update');
    if (employee.status === 'retired') throw new ClancyError('conflict', 'A retired employee does not run any more.');
    const row = await insertSchedule(tx, {
      employeeId: employee.employeeId,
      ownerUserId: scope.actor.id,
      source: 'person',
      times: body.times,
      timezone,
      overlap: body.overlap,
      catchUpSeconds: body.catch_up_seconds,
      input: body.input,
      note: body.note ?? null,
    });
    return { status: 201, body: jsonSchema.parse(toScheduleSummary(row, deps)) };
  });
  deps.wakeRelay();
  return answer;
}
