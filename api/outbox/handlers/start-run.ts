import { and, eq, sql } from 'drizzle-orm';
import { planHash } from '../../../contracts/digest.ts';
import type { EmployeeDefinition } from '../../../contracts/employee-graph.ts';
import { ClancyError } from '../../../contracts/errors.ts';
import { callScopeOf } from '../../../contracts/ids.ts';
import type { EmployeeRunInput } from '../../../contracts/run.ts';
import type { CoreDatabase, OrgTx } from '../../../db/client.ts';
import { authzRuns } from '../../../db/schema/authz/runs.ts';
import { runs } from '../../../db/schema/core/runs.ts';
import { statement } from '../../../db/statement.ts';
import type { RunTicketClaims } from '../../../platform/auth/run-ticket.ts';
import { findEmployee, findVersion, type EmployeeRow } from '../../employees/find.ts';
import { closeRun } from '../../runs/close.ts';
import { closingResult } from '../../runs/closing-result.ts';
import { findRun, isOpen } from '../../runs/find.ts';
import type { RunMemory } from '../../memory/memory.ts';
import type { RunEngine } from '../../temporal/run-engine.ts';
import { WAITS_FOR_IDENTITY } from '../lease.ts';
import type { OutboxHandler } from '../relay.ts';

export interface StartRunHandlerDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  engine: Pick<RunEngine, 'start'>;
  signTicket: (claims: RunTicketClaims) => Promise<string>;
  memory: Pick<RunMemory, 'windowOf'>;
}

/**
 * Starts an accepted run. A repetition finds the workflow that an earlier attempt started. A run that was cancelled
 * before is not started.
 *
 * @throws ClancyError `dependency_unavailable` while Temporal is away or the employee has no app client yet.
 */
export function createStartRunHandler(deps: StartRunHandlerDeps): OutboxHandler {
  return async (row) => {
    const start = await deps.db.withOrgRead(row, (tx) => readStart(tx, deps.memory, row.runId ?? ''));
    return start === undefined ? async () => undefined : startWorkflow(deps, start);
  };
}

/** Starts what is known already; otherwise as the handler. */
export async function startWorkflow(
  { engine, signTicket }: Pick<StartRunHandlerDeps, 'engine' | 'signTicket'>,
  { input, claims, employeeName, traceparent }: Start,
): Promise<(tx: OrgTx) => Promise<void>> {
  const started = await engine.start({ ...input, ticket: await signTicket(claims) }, { employeeName, traceparent });
  return (tx) => (started.isOurs ? markRunning(tx, claims.runId, started.temporalRunId) : refuseForeign(tx, claims.runId));
}

/** What a run's workflow is started with, less the ticket, which is signed anew at each start. */
export interface Start {
  input: Omit<EmployeeRunInput, 'ticket'>;
  claims: RunTicketClaims;
  employeeName: string;
  /** What caused the run: its workflow belongs to the same trace, whoever starts it and when. */
  traceparent: string | null;
}

/** @returns undefined for a run that has ended. */
export async function readStart(
  tx: Parameters<typeof findRun>[0],
  memory: Pick<RunMemory, 'windowOf'>,
  runId: string,
): Promise<Start | undefined> {
  const run = await findRun(tx, runId);
  if (!isOpen(run)) return undefined;
  const employee = await findEmployee(tx, run.employeeId);
  const { definition } = await findVersion(tx, run.employeeId, run.version);
  const [open] = await tx.db
    .select()
    .from(authzRuns)
    .where(and(eq(authzRuns.orgId, tx.orgId), eq(authzRuns.runId, runId)));
  if (!open) throw new Error('a run without its row in authz');
  const initiator = { type: initiatorType(open.initiatorType), id: open.initiatorId };
  const { version, intent, traceparent } = run;
  const window = await memory.windowOf(tx, run);
  const input = { ...intent, plan: { ...intent.plan, ...(window && { memory: window }) } };
  return startOf({ runId, version, input, employee, definition, initiator, mode: open.mode, traceparent });
}

/** @throws ClancyError `dependency_unavailable` while the employee has no app client. */
export function startOf(run: {
  runId: string;
  version: number;
  input: Start['input'];
  employee: EmployeeRow;
  definition: EmployeeDefinition;
  initiator: RunTicketClaims['initiator'];
  mode: RunTicketClaims['mode'];
  traceparent: string | null;
}): Start {
  const { runId, version, employee, definition, initiator, mode, traceparent } = run;
  if (employee.m2mClientId === null) {
    throw new ClancyError('dependency_unavailable', 'The employee has no app client yet.', {
      extra: { waiting_on: WAITS_FOR_IDENTITY },
    });
  }
  const { intent, plan, resume } = run.input;
  const auth_context = { ...intent.auth_context, employee_m2m_app_id: employee.m2mClientId };
  return {
    input: { intent: { ...intent, auth_context }, plan, ...(resume && { resume }) },
    employeeName: employee.name,
    traceparent,
    claims: {
      orgId: employee.orgId,
      employeeId: employee.employeeId,
      employeeVersion: version,
      runId,
      callScope: callScopeOf(runId),
      planHash: planHash(plan, intent.graph_spec, resume?.digests),
      capabilities: definition.capabilities,
      initiator,
      mode,
    },
  };
}

function initiatorType(text: string): RunTicketClaims['initiator']['type'] {
  if (text === 'person' || text === 'schedule' || text === 'event') return text;
  throw new Error('a run with an initiator of no known type');
}

/** The run may have ended by now: then its row stays as it is. */
export async function markRunning(tx: OrgTx, runId: string, temporalRunId: string): Promise<void> {
  const startedAt = new Date();
  tx.lastly(() => setRunning(tx.db).execute({ orgId: tx.orgId, runId, temporalRunId, startedAt }));
}

const setRunning = statement((db) =>
  db
    .update(runs)
    .set({
      status: 'running',
      startedAt: sql`${sql.param(sql.placeholder('startedAt'), runs.startedAt)}`,
      temporalRunId: sql`${sql.placeholder('temporalRunId')}`,
      waitingOn: null,
    })
    .where(and(eq(runs.orgId, sql.placeholder('orgId')), eq(runs.runId, sql.placeholder('runId')), eq(runs.status, 'requested')))
    .prepare('set_running'),
);

/** Somebody started a workflow with this id straight at Temporal. It gets no run to act for. */
export async function refuseForeign(tx: OrgTx, runId: string): Promise<void> {
  const run = await findRun(tx, runId, 'update');
  const error = 'A workflow that Agent-Core did not start holds the id of this run.';
  await closeRun(tx, run, closingResult(run, { status: 'failed', error, code: 'conflict' }, new Date()), 'relay');
}
