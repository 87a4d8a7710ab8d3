import { z } from 'zod';
import { policySchema } from '../../contracts/policy.ts';
import * as fixtures from './fixtures.ts';
import { memoryRoutes } from './stub-memory.ts';
import { missing, ok, page, problem, route, type Answer, type Asked, type Route } from './stub-route.ts';
import { scheduleRoutes } from './stub-schedules.ts';
import { factRoutes } from './stub-facts.ts';
import { triggerRoutes } from './stub-triggers.ts';
import { endRun, type StubState } from './stub-state.ts';

export function agentCoreRoutes(state: StubState): Route[] {
  return [
    ...employeeRoutes(state),
    ...runRoutes(state),
    ...memoryRoutes(),
    ...scheduleRoutes(),
    ...triggerRoutes(),
    ...factRoutes(state),
    ...approvalRoutes(state),
  ];
}

const createBody = z.strictObject({ job_description: z.string().min(1), name: z.string().optional() });
const reviseBody = z.union([
  z.strictObject({ job_description: z.string().min(1) }),
  z.strictObject({ policy: policySchema, base_version: z.int().optional() }),
]);
const activateBody = z.strictObject({ version: z.int().optional(), connections: z.record(z.string(), z.string()).optional() });

function employeeRoutes(state: StubState): Route[] {
  const version = {
    ...fixtures.versionSummary,
    job_description: 'Write digests.',
    definition: fixtures.definition,
    explanation: fixtures.explanation,
  };
  const known = (answer: () => Answer) => (asked: Asked) => (asked.ids[0] === fixtures.EMPLOYEE_ID ? answer() : missing());
  return [
    route('POST /v1/employees', ({ body, headers }) => {
      const { name } = createBody.parse(body);
      const key = z.string().parse(headers['idempotency-key']);
      const { definition, explanation, versionSummary } = fixtures;
      const made = {
        ...state.employee,
        name: name ?? state.employee.name,
        version: 1,
        definition,
        explanation,
        graph: versionSummary.links.graph,
      };
      if (!state.created.has(key)) state.created.set(key, made);
      return { status: 201, body: state.created.get(key) };
    }),
    route('GET /v1/employees', () => ({ status: 200, body: { items: [state.employee], next_cursor: 'next-page' } })),
    route(
      'GET /v1/employees/:',
      known(() => ok(state.employee)),
    ),
    route(
      'GET /v1/employees/:/versions',
      known(() => page([fixtures.versionSummary])),
    ),
    route('POST /v1/employees/:/versions', ({ body, headers }) => {
      z.string().parse(headers['idempotency-key']);
      const revision = reviseBody.parse(body);
      state.revisions.push(revision);
      const policy = 'policy' in revision ? revision.policy : fixtures.definition.policy;
      return { status: 201, body: { ...version, version: 2, definition: { ...fixtures.definition, policy } } };
    }),
    route(
      'GET /v1/employees/:/versions/:',
      known(() => ok(version)),
    ),
    route('GET /v1/employees/:/versions/:/graph', ({ headers }) =>
      headers.accept === 'text/vnd.mermaid'
        ? { status: 200, body: 'flowchart TD\n', type: 'text/vnd.mermaid' }
        : ok({ graph: fixtures.definition.graph, skill_graphs: fixtures.definition.skill_graphs }),
    ),
    route('POST /v1/employees/:/activate', ({ body }) => {
      state.employee = { ...state.employee, status: 'active', active_version: activateBody.parse(body).version ?? 1 };
      return ok(state.employee);
    }),
    route('GET /v1/employees/:/grants', () => ok({ items: [state.grant] })),
    route('DELETE /v1/employees/:/grants/:/:', ({ ids }) => {
      if (`${ids[1]}/${ids[2]}` !== state.grant.capability) return missing();
      state.grant = { ...state.grant, revoked_by: 'user_ada', revoked_at: '2025-06-09T19:00:00.000Z' };
      return { status: 204 };
    }),
  ];
}

function runRoutes(state: StubState): Route[] {
  const view = () => ({
    ...state.run,
    waiting_since: state.run.waiting_on.length === 0 ? null : state.run.requested_at,
    trigger: fixtures.trigger,
    supervisor: null,
    trace_id: '4bf92f3577b34da6a3ce929d0e0e4736',
  });
  const known = (answer: (asked: Asked) => Answer | undefined) => (asked: Asked) =>
    asked.ids[0] === fixtures.RUN_ID ? answer(asked) : missing();
  return [
    route('POST /v1/employees/:/runs', ({ body }) => {
      z.strictObject({ input: z.record(z.string(), z.json()) }).parse(body);
      if (state.employee.status !== 'active') {
        return problem(409, 'employee_not_active', 'This employee is draft.', { next: 'Activate it.' });
      }
      const { run_id, execution_id, links } = state.run;
      return { status: 202, body: { run_id, execution_id, links } };
    }),
    route('GET /v1/runs', () => {
      const { result: _result, ...summary } = state.run;
      return page([summary]);
    }),
    route(
      'GET /v1/runs/:',
      known(() => ok(view())),
    ),
    ...['cancel', 'terminate', 'pause', 'resume'].map((verb) =>
      route(
        `POST /v1/runs/:/${verb}`,
        known(({ body }) => {
          z.strictObject({ reason: z.string().optional() }).parse(body);
          if (verb === 'pause') state.run = { ...state.run, status: 'paused' };
          return { status: 202, body: view() };
        }),
      ),
    ),
    ...['retry', 'run-again'].map((verb) =>
      route(
        `POST /v1/runs/:/${verb}`,
        known(({ headers }) => {
          z.string().parse(headers['idempotency-key']);
          const { execution_id, links } = state.run;
          return { status: 202, body: { run_id: fixtures.RUN_ID, execution_id, links } };
        }),
      ),
    ),
    route(
      'GET /v1/runs/:/events',
      known((asked) => streamEvents(state, asked)),
    ),
  ];
}

/** Events behind `Last-Event-ID`, the one before them once more: the service delivers at least once. */
function streamEvents(state: StubState, { headers, response }: Asked): undefined {
  state.onStream();
  const after = Number(headers['last-event-id'] ?? 0);
  const left = state.events.filter(({ sequence }) => sequence >= after);
  const sent = left.slice(0, state.breaks.shift() ?? left.length);
  response.writeHead(200, { 'content-type': 'text/event-stream' });
  for (const event of sent)
    response.write(`: comment\nid: ${event.sequence}\nevent: agentEvent\ndata: ${JSON.stringify(event)}\n\n`);
  const last = sent.at(-1)?.kind;
  if (last === 'run.completed' || last === 'run.failed') endRun(state, last === 'run.completed' ? 'completed' : 'failed');
  // A broken connection, not an ended one; a moment later, so that what was written arrives.
  if (sent.length < left.length) setImmediate(() => response.destroy());
  else response.end();
}

const decideBody = z.strictObject({ reason: z.string().optional(), parameters: z.looseObject({}).optional() });
const decideManyBody = z.strictObject({
  decisions: z.array(z.strictObject({ approval_id: z.string(), decision: z.string(), reason: z.string().optional() })).max(100),
});

function decideApproval(state: StubState, status: string, reason: string | undefined): void {
  state.approval = {
    ...state.approval,
    status,
    decided_by: 'user_bob',
    decided_at: '2025-06-09T18:05:00.000Z',
    reason: reason ?? null,
  };
}

function editApproval(state: StubState, parameters: object): void {
  const { call } = state.approval;
  const proposed = { parameters: call.parameters, digest: call.digest };
  state.approval = { ...state.approval, proposed, call: { ...call, parameters: parameters as typeof call.parameters } };
}

function decideOne(state: StubState, one: { approval_id: string; decision: string; reason?: string | undefined }) {
  if (one.approval_id !== state.approval.approval_id) {
    return { approval_id: one.approval_id, status: 404, code: 'not_found', detail: 'There is no such approval.' };
  }
  decideApproval(state, one.decision, one.reason);
  return { approval_id: one.approval_id, status: 200, approval: state.approval };
}

function approvalRoutes(state: StubState): Route[] {
  const decide =
    (status: string) =>
    ({ ids, body }: Asked) => {
      const { reason, parameters } = decideBody.parse(body);
      if (ids[0] !== state.approval.approval_id) return missing();
      decideApproval(state, status, reason);
      if (parameters) editApproval(state, parameters);
      return ok(state.approval);
    };
  return [
    route('GET /v1/approvals', ({ url }) =>
      page(url.searchParams.get('status') === state.approval.status ? [state.approval] : []),
    ),
    route('GET /v1/approvals/:', ({ ids }) => (ids[0] === state.approval.approval_id ? ok(state.approval) : missing())),
    route('POST /v1/approvals/decide', ({ body, headers }) => {
      z.string().parse(headers['idempotency-key']);
      const { decisions } = decideManyBody.parse(body);
      return ok({ results: decisions.map((one) => decideOne(state, one)) });
    }),
    route('POST /v1/approvals/:/approve', decide('approved')),
    route('POST /v1/approvals/:/reject', decide('rejected')),
  ];
}
