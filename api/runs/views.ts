import { z } from 'zod';
import { executionResultSchema, triggerSchema } from '../../contracts/events.ts';
import { parseRunId } from '../../contracts/ids.ts';
import { jsonObjectSchema, type JsonObject } from '../../contracts/json.ts';
import { parseTraceparent } from '../../contracts/trace.ts';
import { triggerCandidateSchema } from '../../contracts/trigger.ts';
import { runPage, type UiLinks } from '../../platform/temporal/web-ui.ts';
import { runMemoryView } from '../memory/of-run.ts';
import type { TriggerRow } from '../triggers/find.ts';
import { isPaused, type RunRow } from './find.ts';
import type { Waiting } from './waiting.ts';

export const runIdSchema = z.string().refine((text) => parseRunId(text) !== undefined, 'not a run id');
/** `paused`: accepted or under way, and held by people. */
export const runStatusSchema = z.enum(['requested', 'running', 'paused', 'completed', 'failed', 'interrupted']);

const linksView = z.strictObject({
  self: z.string(),
  events: z.string(),
  employee: z.string().optional(),
  /** The run's page in the Temporal Web UI, for platform operators. */
  temporal_ui: z.string().optional(),
});

export const acceptedRunView = z.strictObject({ run_id: z.string(), execution_id: z.uuid(), links: linksView });

export const runSummary = z.strictObject({
  run_id: z.string(),
  employee_id: z.string(),
  version: z.int(),
  execution_id: z.uuid(),
  /** `rehearsal`: it only shows what it would do, and changes nothing at a provider. */
  mode: z.enum(['live', 'rehearsal']),
  status: runStatusSchema,
  /** What the run stands still for: `approval:…`, `timer`, `provider:slack`, `temporal`, `engine` … */
  waiting_on: z.array(z.string()),
  error_code: z.string().nullable(),
  initiator: jsonObjectSchema,
  requested_at: z.iso.datetime(),
  started_at: z.iso.datetime().nullable(),
  finished_at: z.iso.datetime().nullable(),
  links: linksView,
});

export const runView = runSummary.extend({
  /** Since when nothing has come on for a run that stands still: of its workflows, the one that has stood longest. */
  waiting_since: z.iso.datetime().nullable(),
  trigger: triggerSchema,
  /** Why this employee: what the supervisor decided about the trigger; null for a run that was ordered otherwise. */
  supervisor: z
    .strictObject({
      trigger_id: z.uuid(),
      rule: z.string(),
      reason: z.string(),
      score: z.number().nullable(),
      entry_skills: z.array(z.string()).nullable(),
      runner_up: triggerCandidateSchema.nullable(),
      decided_by: z.string().nullable(),
    })
    .nullable(),
  result: executionResultSchema.nullable(),
  /** What it was given to know, and what it taught. Not in the answers to verbs. */
  memory: runMemoryView.exactOptional(),
  /** Of the trace in which the run was asked for: logs have it, and traces where they are exported. Older runs have none. */
  trace_id: z.string().nullable(),
});

export function runLinks(runId: string, ui: UiLinks): JsonObject & z.infer<typeof linksView> {
  const self = `/v1/runs/${encodeURIComponent(runId)}`;
  return { self, events: `${self}/events`, ...runPage(ui, runId) };
}

export function toRunSummary(row: RunRow, waitingOn: string[], ui: UiLinks): z.infer<typeof runSummary> {
  return {
    run_id: row.runId,
    employee_id: row.employeeId,
    version: row.version,
    execution_id: row.executionId,
    mode: row.mode,
    status: isPaused(row) ? 'paused' : row.status,
    waiting_on: waitingOn,
    error_code: row.errorCode,
    initiator: row.initiator,
    requested_at: row.requestedAt.toISOString(),
    started_at: row.startedAt?.toISOString() ?? null,
    finished_at: row.finishedAt?.toISOString() ?? null,
    links: { ...runLinks(row.runId, ui), employee: `/v1/employees/${row.employeeId}` },
  };
}

export function toRunView(row: RunRow, waiting: Waiting, ui: UiLinks, trigger?: TriggerRow): z.infer<typeof runView> {
  return {
    ...toRunSummary(row, waiting.on, ui),
    waiting_since: waiting.since?.toISOString() ?? null,
    trigger: row.trigger,
    supervisor: trigger ? toDecision(trigger, row.employeeId) : null,
    result: row.result,
    trace_id: parseTraceparent(row.traceparent)?.traceId ?? null,
  };
}

function toDecision({ triggerId, rule, reason, candidates, decidedBy }: TriggerRow, employeeId: string) {
  const own = candidates.find((one) => one.employee_id === employeeId);
  return {
    trigger_id: triggerId,
    rule,
    reason,
    score: own?.score ?? null,
    entry_skills: own?.entry_skills ?? null,
    runner_up: candidates.find((one) => one.employee_id !== employeeId) ?? null,
    decided_by: decidedBy,
  };
}
