import { z } from 'zod';
import * as fixtures from './fixtures.ts';
import { missing, ok, page, route, type Answer, type Asked, type Route } from './stub-route.ts';

export const SCHEDULE_ID = '4b8c2f6e-7a60-4f3e-8f0a-0c7cf2a3f5d4';

const schedule = {
  schedule_id: SCHEDULE_ID,
  employee_id: fixtures.EMPLOYEE_ID,
  owner_user_id: 'user_ada',
  source: 'job_description',
  sentence: 'Every weekday at 17:00.',
  times: { cron: '0 17 * * 1-5' },
  timezone: 'Europe/Berlin',
  overlap: 'skip',
  catch_up_seconds: 3_600,
  note: null,
  status: 'active',
  status_note: null as string | null,
  next_time: '2025-06-10T15:00:00.000Z',
  in_step: true,
};

const more = {
  input: {},
  next_times: ['2025-06-10T15:00:00.000Z', '2025-06-11T15:00:00.000Z'],
  recent: [
    { nominal_time: '2025-06-09T15:00:00.000Z', status: 'prepared', run_id: fixtures.RUN_ID, run_status: 'completed' },
    { nominal_time: '2025-06-08T15:00:00.000Z', status: 'refused', run_id: null, refused_reason: 'The schedule is not on.' },
  ],
  temporal: { paused: false, note: '', skipped_overlap: 2, missed_catch_up: 0 },
};

const createBody = z.strictObject({
  employee_id: z.string(),
  times: z.union([
    z.strictObject({ cron: z.string() }),
    z.strictObject({ calendar: z.looseObject({ at: z.array(z.string()) }) }),
  ]),
  timezone: z.string().optional(),
  note: z.string().optional(),
});
const switchBody = z.strictObject({ note: z.string().optional() });

/** One schedule that knows its state; what it is asked to make, it makes of what it was sent. */
export function scheduleRoutes(): Route[] {
  let status = { status: 'active', status_note: null as string | null };
  let isDeleted = false;
  const known = (answer: (asked: Asked) => Answer) => (asked: Asked) =>
    asked.ids[0] === SCHEDULE_ID && !isDeleted ? answer(asked) : missing();
  const switchTo = (name: string) =>
    known(({ body }) => {
      status = { status: name, status_note: switchBody.parse(body).note ?? null };
      return ok({ ...schedule, ...status });
    });
  return [
    route('POST /v1/schedules', ({ body }) => ({
      status: 201,
      body: { ...schedule, source: 'person', sentence: null, ...createBody.parse(body) },
    })),
    route('GET /v1/schedules', () => page(isDeleted ? [] : [{ ...schedule, ...status }])),
    route(
      'GET /v1/schedules/:',
      known(() => ok({ ...schedule, ...status, ...more })),
    ),
    route('POST /v1/schedules/:/pause', switchTo('paused')),
    route('POST /v1/schedules/:/resume', switchTo('active')),
    route(
      'POST /v1/schedules/:/trigger',
      known(() => ({ status: 202, body: { schedule_id: SCHEDULE_ID, nominal_time: '2025-06-09T18:00:00.000Z' } })),
    ),
    route(
      'DELETE /v1/schedules/:',
      known(() => {
        isDeleted = true;
        return { status: 204 };
      }),
    ),
  ];
}
