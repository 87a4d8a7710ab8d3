import { z } from 'zod';
import { readStart } from '../../api/outbox/handlers/start-run.ts';
import type { CapabilityFactsReader } from '../../api/employees/capability-facts.ts';
import { systemScope } from '../../api/http/scope.ts';
import type { RunMemory } from '../../api/memory/memory.ts';
import { findSchedule } from '../../api/schedules/find.ts';
import { prepareRun, refuse, type Firing, type Prepared } from '../../api/schedules/prepare.ts';
import type { ScheduleEngine } from '../../api/temporal/schedule-engine.ts';
import { ClancyError } from '../../contracts/errors.ts';
import { parseFiredWorkflowId, type PreparedRun, type ScheduledRunInput } from '../../contracts/schedule.ts';
import type { OrgScope } from '../../db/client.ts';
import { RUN_TICKET_LIFETIME_SECONDS, type RunTicketClaims } from '../../platform/auth/run-ticket.ts';
import type { ActivityPlace, AgentCoreActivity } from './as-activity.ts';
import type { AgentCoreActivityDeps } from './deps.ts';

export interface PrepareDeps {
  scheduleEngine: Pick<ScheduleEngine, 'describe'>;
  signTicket: (claims: RunTicketClaims) => Promise<string>;
  capabilityFacts: CapabilityFactsReader;
  memory: RunMemory;
  wakeRelay: () => void;
  now: () => Date;
}

/** Temporal writes down what a schedule started just after it started it. */
const LOOKS = 6;
const BETWEEN_LOOKS_MS = 250;

const inputSchema = z.strictObject({ org_id: z.string().min(1).max(200), schedule_id: z.uuid() });

/**
 * Makes the run and the ticket of one instant of a schedule. Anybody who reaches Temporal can start a `scheduledRun` under
 * any id and with any input, so neither is believed: Temporal's schedule itself must name this very execution among those
 * it started, the instant (which Temporal put into the workflow's id) must be one that our row has or that a person
 * ordered, and one instant makes one run, for one execution.
 *
 * @throws ClancyError `ids_disagree` for a workflow that no schedule of ours started; `dependency_unavailable`.
 */
export function createPrepareScheduledRun(
  deps: AgentCoreActivityDeps & PrepareDeps,
): AgentCoreActivity<ScheduledRunInput, PreparedRun> {
  return async (input, place) => {
    const parsed = inputSchema.safeParse(input);
    const named = parseFiredWorkflowId(place.workflowId);
    if (!parsed.success || named?.scheduleId !== parsed.data.schedule_id) throw notOurs();
    const scope = systemScope(parsed.data.org_id, 'schedule');
    const firing: Firing = { ...named, ...place };
    if (!(await wasStartedBySchedule(deps, firing))) throw await denied(deps, scope, firing, notOurs());
    const prepared = await prepare(deps, scope, firing);
    deps.wakeRelay();
    if ('refused' in prepared) return { kind: 'refused', code: prepared.refused.code, message: prepared.refused.message };
    return withTicket(deps, scope, prepared.runId);
  };
}

async function wasStartedBySchedule(deps: PrepareDeps, { scheduleId, workflowId, temporalRunId }: Firing): Promise<boolean> {
  for (let look = 1; ; look += 1) {
    const state = await deps.scheduleEngine.describe(scheduleId);
    if (state?.started.some((one) => one.workflowId === workflowId && one.temporalRunId === temporalRunId)) return true;
    if (look === LOOKS) return false;
    await new Promise((resolve) => setTimeout(resolve, BETWEEN_LOOKS_MS));
  }
}

/** What cannot become a run is noted at the schedule, unless it is no instant of it at all. */
async function prepare(deps: AgentCoreActivityDeps & PrepareDeps, scope: OrgScope, firing: Firing): Promise<Prepared> {
  try {
    await deps.memory.prepare(scope.orgId);
    return await deps.db.withOrg(scope, (tx) => prepareRun(tx, deps, firing));
  } catch (error) {
    if (!(error instanceof ClancyError) || error.code === 'dependency_unavailable') throw error;
    if (error.code === 'ids_disagree') throw await denied(deps, scope, firing, error);
    if (error.code === 'not_found') return { refused: error };
    return deps.db.withOrg(scope, (tx) => refuse(tx, firing, firing, error));
  }
}

/** A ticket is signed anew at a repetition; it says the same. */
async function withTicket(deps: AgentCoreActivityDeps & PrepareDeps, scope: OrgScope, runId: string): Promise<PreparedRun> {
  const start = await deps.db.withOrgRead(scope, (tx) => readStart(tx, deps.memory, runId));
  if (!start) return { kind: 'refused', code: 'run_closed', message: 'The run has ended before its start.' };
  return {
    kind: 'run',
    input: { ...start.input, ticket: await deps.signTicket(start.claims) },
    employee_name: start.employeeName,
    employee_version: start.claims.employeeVersion,
    execution_timeout_ms: RUN_TICKET_LIFETIME_SECONDS * 1_000,
  };
}

/** Leaves a trace where the schedule is one of the organisation's. */
async function denied(
  deps: AgentCoreActivityDeps,
  scope: OrgScope,
  { scheduleId, workflowId, temporalRunId }: Firing & ActivityPlace,
  error: ClancyError,
): Promise<ClancyError> {
  const isTheirs = await deps.db
    .withOrgRead(scope, (tx) => findSchedule(tx, scheduleId))
    .then(
      () => true,
      () => false,
    );
  if (!isTheirs) return error;
  await deps.db.auditDenied(scope, {
    action: 'schedule.fire',
    objectType: 'schedule',
    objectId: scheduleId,
    details: { workflow_id: workflowId, temporal_run_id: temporalRunId },
  });
  return error;
}

function notOurs(): ClancyError {
  return new ClancyError('ids_disagree', 'No schedule of this organisation started this workflow.');
}
