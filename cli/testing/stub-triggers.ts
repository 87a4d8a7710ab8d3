import { z } from 'zod';
import * as fixtures from './fixtures.ts';
import { missing, ok, page, route, type Answer, type Asked, type Route } from './stub-route.ts';

export const TRIGGER_ID = '9b1f0c52-3d51-4a58-9d66-8f4a6f6f8c11';

const trigger = {
  trigger_id: TRIGGER_ID,
  source: 'person',
  sent_by: 'user_ada',
  type: null,
  decision: 'asked',
  rule: 'matching',
  reason: 'Ann (0.71), Bob (0.69) fit about as well: a person chooses.',
  runs: [] as object[],
  decided_by: null as string | null,
  at: '2025-06-09T15:00:00.000Z',
  text: 'Post the digest\u001b[2J',
  payload: {},
  candidates: [
    { employee_id: fixtures.EMPLOYEE_ID, name: 'Ann', score: 0.71, why: '"Post a digest" has the words digest.', started: false },
  ],
};
const run = { run_id: fixtures.RUN_ID, execution_id: TRIGGER_ID, employee_id: fixtures.EMPLOYEE_ID };
const decideBody = z.union([z.strictObject({ employee_id: z.string() }), z.strictObject({ dismiss: z.literal(true) })]);

/** One trigger that waits for a person; what is sent anew starts its employee. */
export function triggerRoutes(): Route[] {
  const known = (answer: (asked: Asked) => Answer) => (asked: Asked) => (asked.ids[0] === TRIGGER_ID ? answer(asked) : missing());
  return [
    route('POST /v1/triggers', () => ({ status: 202, body: { trigger_id: TRIGGER_ID, decision: 'started', runs: [run] } })),
    route('GET /v1/triggers', () => page([trigger])),
    route(
      'GET /v1/triggers/:',
      known(() => ok(trigger)),
    ),
    route(
      'POST /v1/triggers/:/decide',
      known(({ body }) => {
        const isDismissed = 'dismiss' in decideBody.parse(body);
        return ok({
          ...trigger,
          decided_by: 'user_ada',
          decision: isDismissed ? 'dismissed' : 'started',
          runs: isDismissed ? [] : [run],
        });
      }),
    ),
  ];
}
