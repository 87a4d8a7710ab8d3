import { sql } from 'drizzle-orm';
import { randomUUID } from 'node:crypto';
import { planHash } from '../../contracts/digest.ts';
import { ClancyError } from '../../contracts/errors.ts';
import type { Trigger } from '../../contracts/events.ts';
import { callScopeOf, makeRunId } from '../../contracts/ids.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { EmployeeRunInput, RunPlan } from '../../contracts/run.ts';
import type { OrgTx } from '../../db/client.ts';
import { authzRuns } from '../../db/schema/authz/runs.ts';
import { runs } from '../../db/schema/core/runs.ts';
import { statement } from '../../db/statement.ts';
import type { RunTicketClaims } from '../../platform/auth/run-ticket.ts';
import { activeTraceparent, describeSpan } from '../../platform/telemetry/spans.ts';
import { assertIntact } from '../employees/content-hash.ts';
import type { CapabilityFactsReader } from '../employees/capability-facts.ts';
import { findEmployee, findVersion, type EmployeeRow } from '../employees/find.ts';
import { recordFact } from '../facts/record-fact.ts';
import type { Recall, RunMemory } from '../memory/memory.ts';
import { appendToOutbox, type OutboxRow } from '../outbox/append.ts';
import { graphFrom } from '../supervisor/entry-skills.ts';
import { startOf } from '../outbox/handlers/start-run.ts';
import type { Order, RunStarter } from '../outbox/run-starter.ts';
import { intentOf } from './intent.ts';
import { heldGrants, resolvePlan, withoutMemory } from './plan.ts';

/** Temporal warns at this size; larger values travel by reference (design, "Events"). */
const MAX_INPUT_BYTES = 256 * 1024;
/** Runs of one employee within one moment of the clock that names them. */
const MAX_TWINS = 1_000;

export interface AcceptRequest {
  employeeId: string;
  trigger: Trigger;
  /** When it was asked for, to the millisecond. */
  requestedAt: Date;
  /** The clock in the run's id (design, "Identifiers"). */
  idTime: string;
  /** Who asked, for people to read. */
  initiator: JsonObject;
  /** Whose permissions limit the run, and what they are to it. */
  principal: RunTicketClaims['initiator'];
  /** A run that only shows what this version would do, over these connections; whether it is active does not matter. */
  rehearsal?: { version: number; connections: RunPlan['connections'] };
  /** The first message of the run: who starts its workflow. `claim` makes it this process's own, see run-starter.ts. */
  start: Pick<OutboxRow, 'kind' | 'payload'> & { notBefore?: Date; claim?: RunStarter['claim'] };
}

export interface AcceptDeps {
  capabilityFacts: CapabilityFactsReader;
  memory: Pick<RunMemory, 'recaller'>;
}

export interface AcceptedRun {
  runId: string;
  executionId: string;
  order: Order;
}

/**
 * Writes a run of the active version, or a rehearsal of any: its row, its fact, its place in `authz.runs` and the order to start it.
 * @throws ClancyError `not_found`, `employee_not_active`, `content_mismatch`, `payload_too_large`, `invalid_request` for skills to start at that
 * the version does not have.
 */
export async function acceptRun(tx: OrgTx, deps: AcceptDeps, request: AcceptRequest): Promise<AcceptedRun> {
  // Sent in one go.
  const [employee, held, recall] = await Promise.all([
    findEmployee(tx, request.employeeId),
    heldGrants(tx, request.employeeId),
    deps.memory.recaller(tx),
  ]);
  const { rehearsal } = request;
  const mode = rehearsal ? 'rehearsal' : 'live';
  const version = rehearsal?.version ?? activeVersionOf(employee);
  const row = await findVersion(tx, employee.employeeId, version);
  assertIntact(row);
  const { definition } = row;
  const facts = await deps.capabilityFacts(tx, employee.employeeId, version);
  const resolved = resolvePlan(definition, held, facts);
  const { entry_skills: entries } = request.trigger;
  const graph = entries === undefined ? definition.graph : graphFrom(definition.graph, entries);
  const about = { employeeId: employee.employeeId, graph, skillGraphs: definition.skill_graphs, trigger: request.trigger };
  const recalled = await recall(about);
  const plan: RunPlan = {
    ...resolved,
    ...(rehearsal && { connections: rehearsal.connections, rehearsal: true }),
    ...(recalled && { memory: recalled.window }),
  };
  const executionId = randomUUID();
  const traceparent = activeTraceparent() ?? null;
  const { runId, input } = await insertRun(
    tx,
    { request, employee, version, mode, executionId, traceparent, recalled },
    (id) => ({
      intent: intentOf({
        employee,
        executionId,
        runId: id,
        at: request.requestedAt,
        trigger: request.trigger,
        graph,
        ...(recalled && { memory: recalled.window }),
      }),
      plan,
    }),
  );
  describeSpan({ 'clancy.run_id': runId, 'clancy.employee_id': employee.employeeId });
  const { claim, ...first } = request.start;
  // Without its app client the employee cannot start.
  const claimed = employee.m2mClientId === null ? undefined : claim?.();
  // Sent in one go, in this order.
  const [, , message] = await Promise.all([
    insertRights(tx.db).execute({
      orgId: tx.orgId,
      runId,
      employeeId: employee.employeeId,
      version,
      executionId,
      callScope: callScopeOf(runId),
      initiatorType: request.principal.type,
      initiatorId: request.principal.id,
      mode,
      planHash: planHash(plan, graph),
    }),
    // What never happens is no fact: nothing is to follow from it.
    !rehearsal &&
      recordFact(tx, {
        kind: 'RunRequested',
        employeeId: employee.employeeId,
        runId,
        data: { execution_id: executionId, trigger: request.trigger.type },
      }),
    appendToOutbox(tx, { runId, seq: 1, ...first, ...(claimed && { claim: claimed }) }),
  ]);
  const started = { execution_id: executionId, trigger: request.trigger.type, ...(rehearsal && { mode }) };
  tx.audit({ action: 'run.start', objectType: 'run', objectId: runId, allowed: true, details: started });
  const run = { runId, version, input, employee, definition, initiator: request.principal, mode, traceparent } as const;
  return { runId, executionId, order: { message, ...(claimed && { start: startOf(run) }) } };
}

function activeVersionOf(employee: EmployeeRow): number {
  if (employee.status === 'active' && employee.activeVersion !== null) return employee.activeVersion;
  throw new ClancyError('employee_not_active', `This employee is ${employee.status}.`, {
    ...(employee.status === 'draft' && { next: `POST /v1/employees/${employee.employeeId}/activate puts it to work.` }),
  });
}

interface NewRun {
  request: AcceptRequest;
  employee: EmployeeRow;
  version: number;
  mode: RunTicketClaims['mode'];
  executionId: string;
  traceparent: string | null;
  recalled: Awaited<ReturnType<Recall>>;
}

/** The id is the employee, the version and the time; who finds it taken becomes a twin (`~n`). */
async function insertRun(
  tx: OrgTx,
  run: NewRun,
  makeInput: (runId: string) => Omit<EmployeeRunInput, 'ticket'>,
): Promise<{ runId: string; input: Omit<EmployeeRunInput, 'ticket'> }> {
  const { request, employee, version, mode, executionId, traceparent, recalled } = run;
  const { initiator, trigger, requestedAt } = request;
  const parts = { employee: employee.employeeId, version, at: request.idTime };
  for (let twin = 0; twin < MAX_TWINS; twin += 1) {
    const runId = makeRunId(twin === 0 ? parts : { ...parts, twin });
    const intent = makeInput(runId);
    assertSmall(intent);
    const row = {
      orgId: tx.orgId,
      runId,
      employeeId: employee.employeeId,
      version,
      mode,
      executionId,
      initiator,
      intent: { ...intent, plan: withoutMemory(intent.plan) },
      memory: recalled?.sealFor(runId) ?? null,
      memoryUsed: recalled?.used ?? null,
      traceparent,
    };
    const inserted = await insertRow(tx.db).execute({ ...row, trigger, requestedAt });
    if (inserted.length > 0) return { runId, input: intent };
  }
  throw new ClancyError('conflict', 'Too many runs of this employee in one moment.', { retryAfterMs: 1_000 });
}

const insertRow = statement((db) =>
  db
    .insert(runs)
    .values({
      orgId: sql.placeholder('orgId'),
      runId: sql.placeholder('runId'),
      employeeId: sql.placeholder('employeeId'),
      version: sql.placeholder('version'),
      mode: sql`${sql.placeholder('mode')}`,
      executionId: sql.placeholder('executionId'),
      initiator: sql.placeholder('initiator'),
      intent: sql.placeholder('intent'),
      memory: sql.placeholder('memory'),
      memoryUsed: sql.placeholder('memoryUsed'),
      traceparent: sql.placeholder('traceparent'),
      trigger: sql.placeholder('trigger'),
      requestedAt: sql.placeholder('requestedAt'),
    })
    .onConflictDoNothing()
    .returning({ runId: runs.runId })
    .prepare('insert_run'),
);

const insertRights = statement((db) =>
  db
    .insert(authzRuns)
    .values({
      orgId: sql.placeholder('orgId'),
      runId: sql.placeholder('runId'),
      employeeId: sql.placeholder('employeeId'),
      version: sql.placeholder('version'),
      executionId: sql.placeholder('executionId'),
      callScope: sql.placeholder('callScope'),
      initiatorType: sql.placeholder('initiatorType'),
      initiatorId: sql.placeholder('initiatorId'),
      mode: sql`${sql.placeholder('mode')}`,
      planHash: sql.placeholder('planHash'),
    })
    .prepare('insert_rights'),
);

function assertSmall(input: Omit<EmployeeRunInput, 'ticket'>): void {
  if (Buffer.byteLength(JSON.stringify(input)) > MAX_INPUT_BYTES) {
    throw new ClancyError('payload_too_large', 'The run and its input are larger than 256 KiB.');
  }
}
