import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json.ts';
import { triggerCandidateSchema } from '../../contracts/trigger.ts';
import { triggers } from '../../db/schema/core/triggers.ts';
import type { TriggerRow, TriggerRunRow } from './find.ts';

export const triggerIdSchema = z.uuid();
export const triggerDecisionSchema = z.enum(triggers.decision.enumValues);

const triggerRunView = z.strictObject({
  run_id: z.string(),
  execution_id: z.uuid(),
  employee_id: z.string(),
  entry_skills: z.array(z.string()).nullable(),
});

export const triggerSummary = z.strictObject({
  trigger_id: z.uuid(),
  source: z.enum(triggers.source.enumValues),
  sent_by: z.string(),
  type: z.string().nullable(),
  provider: z.string().nullable(),
  connection_id: z.string().nullable(),
  external_id: z.string().nullable(),
  /** `dismissed`: a person decided that nobody is to start. */
  decision: triggerDecisionSchema,
  /** What decided: a named employee, subscriptions, the words, a person; `none` where nobody fits. */
  rule: z.enum(triggers.rule.enumValues),
  /** Who was chosen and why, or why nobody was. */
  reason: z.string(),
  runs: z.array(triggerRunView),
  decided_by: z.string().nullable(),
  decided_at: z.iso.datetime().nullable(),
  at: z.iso.datetime(),
  links: z.strictObject({ self: z.string() }),
});

export const triggerView = triggerSummary.extend({
  occurred_at: z.iso.datetime().nullable(),
  text: z.string().nullable(),
  payload: jsonObjectSchema,
  /** Who was considered, the best first. */
  candidates: z.array(triggerCandidateSchema),
  runner_up: triggerCandidateSchema.nullable(),
});

export function toTriggerSummary(row: TriggerRow, runs: readonly TriggerRunRow[]): z.infer<typeof triggerSummary> {
  return {
    trigger_id: row.triggerId,
    source: row.source,
    sent_by: row.sentBy,
    type: row.type,
    provider: row.provider,
    connection_id: row.connectionId,
    external_id: row.externalId,
    decision: row.decision,
    rule: row.rule,
    reason: row.reason,
    runs: runs
      .filter(({ triggerId }) => triggerId === row.triggerId)
      .map(({ runId, executionId, employeeId, entrySkills }) => ({
        run_id: runId,
        execution_id: executionId,
        employee_id: employeeId,
        entry_skills: entrySkills,
      })),
    decided_by: row.decidedBy,
    decided_at: row.decidedAt?.toISOString() ?? null,
    at: row.at.toISOString(),
    links: { self: `/v1/triggers/${row.triggerId}` },
  };
}

export function toTriggerView(row: TriggerRow, runs: readonly TriggerRunRow[]): z.infer<typeof triggerView> {
  const { text, payload, candidates } = row;
  return {
    ...toTriggerSummary(row, runs),
    occurred_at: row.occurredAt?.toISOString() ?? null,
    text,
    payload,
    candidates,
    runner_up: candidates[1] ?? null,
  };
}
