import { and, eq, isNotNull } from 'drizzle-orm';
import { z } from 'zod';
import { approvals } from '../../db/schema/authz/approvals.ts';
import { receipts } from '../../db/schema/hub/receipts.ts';

export const outcomeSchema = z.enum(['in_flight', 'succeeded', 'refused', 'maybe', 'unknown']);
/** `cost_units`: units of the provider's limits that its requests took; absent where ConnectHub ended before it could say. */
const attemptSchema = z.strictObject({
  at: z.string(),
  outcome: z.string(),
  latency_ms: z.number(),
  code: z.string().optional(),
  cost_units: z.int().optional(),
});
export const resolutionSchema = z.enum(['happened', 'did_not_happen']);

/** What a call left, as people and programs read it. */
export const receiptSchema = z.strictObject({
  call_id: z.string(),
  run_id: z.string(),
  /** `rehearsal`: of a run that only showed what it would do, and only a read. */
  mode: z.enum(['live', 'rehearsal']),
  employee_id: z.string(),
  employee_version: z.int(),
  initiator: z.strictObject({ type: z.string(), id: z.string() }),
  /** Qualified. */
  capability: z.string(),
  capability_version: z.int(),
  connection_id: z.string(),
  digest: z.string(),
  /** JSON text of the parameters, long texts cut. */
  parameters_summary: z.string(),
  approval_id: z.string().nullable(),
  /** Who approved other parameters than were asked for: the approval shows both. */
  edited_by: z.string().nullable(),
  outcome: outcomeSchema,
  error_code: z.string().nullable(),
  provider_effect_id: z.string().nullable(),
  attempts: z.array(attemptSchema),
  /** Of all attempts together, as far as they are known. */
  cost_units: z.int(),
  latency_ms: z.number().nullable(),
  resolution: resolutionSchema.nullable(),
  resolved_by: z.string().nullable(),
  resolved_at: z.string().nullable(),
  created_at: z.string(),
  updated_at: z.string(),
});
export type Receipt = z.infer<typeof receiptSchema>;

/** A receipt's row with who edited the call, from its approval. */
export const receiptColumns = { row: receipts, editedBy: approvals.decidedBy };
/** The approval in which the call was edited. */
export const isEditedIn = and(
  eq(approvals.orgId, receipts.orgId),
  eq(approvals.approvalId, receipts.approvalId),
  isNotNull(approvals.proposedDigest),
);

export function toWire({ row, editedBy }: { row: typeof receipts.$inferSelect; editedBy: string | null }): Receipt {
  return {
    call_id: row.callId,
    run_id: row.runId,
    mode: row.mode,
    employee_id: row.employeeId,
    employee_version: row.employeeVersion,
    initiator: { type: row.initiatorType, id: row.initiatorId },
    capability: row.capability,
    capability_version: row.capabilityVersion,
    connection_id: row.connectionId,
    digest: row.digest,
    parameters_summary: row.parametersSummary,
    approval_id: row.approvalId,
    edited_by: editedBy,
    outcome: row.outcome,
    error_code: row.errorCode,
    provider_effect_id: row.providerEffectId,
    attempts: row.attempts,
    cost_units: row.attempts.reduce((sum, { cost_units: units = 0 }) => sum + units, 0),
    latency_ms: row.latencyMs,
    resolution: row.resolution,
    resolved_by: row.resolvedBy,
    resolved_at: row.resolvedAt?.toISOString() ?? null,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}
