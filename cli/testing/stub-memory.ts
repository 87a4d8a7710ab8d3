import { z } from 'zod';
import * as fixtures from './fixtures.ts';
import { missing, ok, page, problem, route, type Answer, type Asked, type Route } from './stub-route.ts';

export const MEMORY_ID = '0197a3c5-6b1e-7d7e-9d2f-3d1f0c1b2a34';

const memory = {
  memory_id: MEMORY_ID,
  scope: 'organisation',
  employee_id: null,
  skill: null,
  kind: 'fact',
  key: 'customer.acme.payment_terms',
  value: z.json().parse('30 days'),
  version: 1,
  confidence: 0.7,
  source: { type: 'run', id: fixtures.RUN_ID, skill_run: null, path: null },
  created_at: '2025-06-09T18:00:00.000Z',
  updated_at: '2025-06-09T18:00:00.000Z',
  confirmed_at: '2025-06-09T18:00:00.000Z',
  used_at: null,
  expires_at: null,
};
const createBody = z.strictObject({
  scope: z.enum(['organisation', 'employee', 'skill']),
  employee_id: z.string().optional(),
  skill: z.string().optional(),
  kind: z.string().optional(),
  key: z.string(),
  value: z.json(),
  confidence: z.number().optional(),
  expires_in_days: z.int().optional(),
});
const correctBody = z.strictObject({
  value: z.json().optional(),
  kind: z.string().optional(),
  confidence: z.number().optional(),
  expires_in_days: z.int().nullable().optional(),
});

/** One entry that is corrected and forgotten as it is told. */
export function memoryRoutes(): Route[] {
  let now = { ...memory };
  let isForgotten = false;
  const view = () => ({
    ...now,
    versions: [
      {
        version: now.version,
        kind: now.kind,
        value: now.value,
        confidence: now.confidence,
        source: now.source,
        written_at: now.updated_at,
      },
    ],
  });
  const known = (answer: (asked: Asked) => Answer) => (asked: Asked) =>
    asked.ids[0] === MEMORY_ID && !isForgotten ? answer(asked) : missing();
  return [
    route('GET /v1/memory', () => page(isForgotten ? [] : [now])),
    route('POST /v1/memory', ({ body, headers }) => {
      z.string().parse(headers['idempotency-key']);
      const { key } = createBody.parse(body);
      if (key === now.key) return problem(409, 'conflict', 'Something is remembered under this key.', { memory_id: MEMORY_ID });
      return { status: 201, body: { memory_id: MEMORY_ID, version: 1, links: { self: `/v1/memory/${MEMORY_ID}` } } };
    }),
    route(
      'GET /v1/memory/:',
      known(() => ok(view())),
    ),
    route(
      'PATCH /v1/memory/:',
      known(({ body }) => {
        const { value = now.value, confidence = 1 } = correctBody.parse(body);
        now = { ...now, value, confidence, version: now.version + 1, source: { ...now.source, type: 'person', id: 'user_ada' } };
        return ok(view());
      }),
    ),
    route(
      'DELETE /v1/memory/:',
      known(() => {
        isForgotten = true;
        return { status: 204 };
      }),
    ),
  ];
}
