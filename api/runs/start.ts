import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { planHash } from '../../contracts/digest.ts';
import type { EmployeeGraph } from '../../contracts/employee-graph.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { callScopeOf, makeRunId } from '../../contracts/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../contracts/json.ts';
import type { EmployeeRunInput, RunPlan } from '../../contracts/run.ts';
import type { CoreDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { authzRuns } from '../../db/schema/authz/runs.ts';
import { runs } from '../../db/schema/core/runs.ts';
import type { PersonPrincipal } from '../../platform/auth/principal.ts';
import type { CapabilityFactsReader } from '../employees/capability-facts.ts';
import { findEmployee, findVersion, type EmployeeRow } from '../employees/find.ts';
import { recordFact } from '../facts/record-fact.ts';
import { once, type Answer } from '../http/idempotency.ts';
import { appendToOutbox } from '../outbox/append.ts';
import { initiatorOf, intentOf } from './intent.ts';
import { resolvePlan } from './plan.ts';
import { runLinks, type UiLinks } from './views.ts';

export const startRunBody = z.strictObject({
  /** What the run is about; skills see it as `trigger.payload`. */
  input: jsonObjectSchema.default({}),
});

/** Temporal warns at this size; larger values travel by reference (design, "Events"). */
const MAX_INPUT_BYTES = 256 * 1024;
/** Runs of one employee within one millisecond. */
const MAX_TWINS = 1_000;

export interface StartRunDeps {
  db: Pick<CoreDatabase, 'withOrg' | 'withOrgRead'>;
  capabilityFacts: CapabilityFactsReader;
  ui: UiLinks;
  wakeRelay: () => void;
  now: () => Date;
}

export interface StartRunRequest {
  employeeId: string;
  key: string;
  person: PersonPrincipal;
  body: z.infer<typeof startRunBody>;
}

/**
 * Accepts a run: its row, its fact, its place in `authz.runs` and the order to start it, in one transaction. The relay
 * starts it at once, or when Temporal is back.
 *
 * @throws ClancyError `not_found`, `employee_not_active`, `payload_too_large`, `idempotency_key_reused`.
 */
export async function startRun(deps: StartRunDeps, scope: OrgScope, request: StartRunRequest): Promise<Answer> {
  const { employeeId, key, body } = request;
  const route = 'POST /v1/employees/{employee_id}/runs';
  const answer = await once(deps.db, scope, { route, key, input: { employeeId, body } }, (tx) => acceptRun(deps, tx, request));
  deps.wakeRelay();
  return answer;
}

async function acceptRun(deps: StartRunDeps, tx: OrgTx, request: StartRunRequest): Promise<Answer> {
  const employee = await findEmployee(tx, request.employeeId);
  const version = employee.activeVersion;
  if (employee.status !== 'active' || version === null) {
    throw new ClancyError('employee_not_active', `This employee is ${employee.status}.`, {
      next: `POST /v1/employees/${employee.employeeId}/activate puts it to work.`,
    });
  }
  const { definition } = await findVersion(tx, employee.employeeId, version);
  const facts = await deps.capabilityFacts(tx, employee.employeeId, version);
  const plan = await resolvePlan(tx, employee.employeeId, definition, facts);
  const { person, body } = request;
  const run = { employee, version, at: deps.now(), executionId: randomUUID(), initiator: initiatorOf(person) };
  const runId = await insertRun(tx, run, (id) => ({
    intent: intentOf({ ...run, runId: id, person, input: body.input, graph: definition.graph }),
    plan,
  }));
  const { executionId } = run;
  await openForCalls(tx, { runId, executionId, employee, version, plan, graph: definition.graph, initiatorId: person.userId });
  await recordFact(tx, {
    kind: 'RunRequested',
    employeeId: employee.employeeId,
    runId,
    data: { execution_id: executionId, trigger: 'direct_command' },
  });
  await appendToOutbox(tx, { runId, seq: 1, kind: 'start_run', payload: {} });
  tx.audit({ action: 'run.start', objectType: 'run', objectId: runId, allowed: true, details: { execution_id: executionId } });
  return { status: 202, body: { run_id: runId, execution_id: executionId, links: runLinks(runId, deps.ui) } };
}

interface NewRun {
  employee: EmployeeRow;
  version: number;
  at: Date;
  executionId: string;
  initiator: JsonObject;
}

/** The id is the employee, the version and the millisecond; who finds it taken becomes a twin (`~n`). */
async function insertRun(
  tx: OrgTx,
  run: NewRun,
  makeInput: (runId: string) => Omit<EmployeeRunInput, 'ticket'>,
): Promise<string> {
  const { employee, version, at, executionId, initiator } = run;
  const parts = { employee: employee.employeeId, version, at: at.toISOString() };
  for (let twin = 0; twin < MAX_TWINS; twin += 1) {
    const runId = makeRunId(twin === 0 ? parts : { ...parts, twin });
    const intent = makeInput(runId);
    assertSmall(intent);
    const row = { orgId: tx.orgId, runId, employeeId: employee.employeeId, version, executionId, initiator, intent };
    const inserted = await tx.db
      .insert(runs)
      .values({ ...row, trigger: intent.intent.trigger, requestedAt: at })
      .onConflictDoNothing()
      .returning({ runId: runs.runId });
    if (inserted.length > 0) return runId;
  }
  throw new ClancyError('conflict', 'Too many runs of this employee in one millisecond.', { retryAfterMs: 1_000 });
}

function assertSmall(input: Omit<EmployeeRunInput, 'ticket'>): void {
  if (Buffer.byteLength(JSON.stringify(input)) > MAX_INPUT_BYTES) {
    throw new ClancyError('payload_too_large', 'The run and its input are larger than 256 KiB.');
  }
}

async function openForCalls(
  tx: OrgTx,
  run: {
    runId: string;
    executionId: string;
    employee: EmployeeRow;
    version: number;
    plan: RunPlan;
    graph: EmployeeGraph;
    initiatorId: string;
  },
): Promise<void> {
  await tx.db.insert(authzRuns).values({
    orgId: tx.orgId,
    runId: run.runId,
    employeeId: run.employee.employeeId,
    version: run.version,
    executionId: run.executionId,
    callScope: callScopeOf(run.runId),
    initiatorType: 'person',
    initiatorId: run.initiatorId,
    mode: 'live',
    planHash: planHash(run.plan, run.graph),
  });
}
