/** A POST to Agent-Core; what is absent is sent as it should be, null is left out. */
export interface Sent {
  path: string;
  body: unknown;
  key?: string | null;
  bearer?: string | null;
}

/** Employees of the organisation that asks. */
export interface Staff {
  active: string;
  draft: string;
}

interface BadRequest {
  what: string;
  sent: (staff: Staff) => Sent;
  expected: { code: string; status: number; fields?: { field: string }[] };
}

const INVALID = { code: 'invalid_request', status: 400 };
const TOO_LARGE = { code: 'payload_too_large', status: 413 };
const NOBODY = '0'.repeat(26);
const NESTED = `${'['.repeat(5_000)}${']'.repeat(5_000)}`;

export const startOf = (employee: string, body: unknown): Sent => ({ path: `/v1/employees/${employee}/runs`, body });
const hire = (body: unknown): Sent => ({ path: '/v1/employees', body });

export const BAD_REQUESTS: BadRequest[] = [
  { what: 'an unknown field', sent: ({ active }) => startOf(active, { input: {}, priority: 1 }), expected: INVALID },
  {
    what: 'a wrong type',
    sent: ({ active }) => startOf(active, { input: 'all' }),
    expected: { ...INVALID, fields: [{ field: '/input' }] },
  },
  {
    what: 'a job description that is a number',
    sent: () => hire({ job_description: 7 }),
    expected: { ...INVALID, fields: [{ field: '/job_description' }] },
  },
  {
    what: 'an input that is too large for a history',
    sent: ({ active }) => startOf(active, { input: { text: 'x'.repeat(300_000) } }),
    expected: TOO_LARGE,
  },
  { what: 'half a JSON text', sent: ({ active }) => startOf(active, '{"input":'), expected: INVALID },
  {
    what: 'a body nested without end',
    sent: ({ active }) => startOf(active, `{"input":{"a":${NESTED}}}`),
    expected: INVALID,
  },
  { what: 'an employee that nobody hired', sent: () => startOf(NOBODY, {}), expected: { code: 'not_found', status: 404 } },
  { what: 'what is no employee id', sent: () => startOf('Ann', {}), expected: INVALID },
  {
    what: 'an employee that is not active',
    sent: ({ draft }) => startOf(draft, {}),
    expected: { code: 'employee_not_active', status: 409 },
  },
  {
    what: 'a start without a key',
    sent: ({ active }) => ({ ...startOf(active, {}), key: null }),
    expected: { code: 'idempotency_key_required', status: 400 },
  },
  {
    what: 'a start without a token',
    sent: ({ active }) => ({ ...startOf(active, {}), bearer: null }),
    expected: { code: 'unauthenticated', status: 401 },
  },
];
