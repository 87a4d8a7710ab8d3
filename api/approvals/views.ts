import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../../contracts/json.ts';
import type { approvals } from '../../db/schema/authz/approvals.ts';
import { runPage, type UiLinks } from '../../platform/temporal/web-ui.ts';

export type ApprovalRow = typeof approvals.$inferSelect;

export const approvalStatusSchema = z.enum(['pending', 'approved', 'rejected', 'expired', 'cancelled']);

export const approvalView = z.strictObject({
  approval_id: z.uuid(),
  status: approvalStatusSchema,
  question: z.string(),
  details: jsonSchema,
  /** The call that will run exactly so (with `stands`: that is asked for); null for a question of the employee's own. */
  call: z
    .strictObject({
      call_id: z.string(),
      capability: z.string(),
      capability_version: z.int(),
      connection_id: z.string(),
      parameters: jsonObjectSchema,
      digest: z.string(),
    })
    .nullable(),
  /** What was asked for, where the approver changed it. */
  proposed: z.strictObject({ parameters: jsonObjectSchema, digest: z.string() }).nullable(),
  /** What the call has done already, with other parameters: yes takes that as its result, and nothing runs. */
  stands: jsonObjectSchema.nullable(),
  run_id: z.string(),
  /** User ids and `role:…` words; empty = whoever holds approvals.decide. */
  approvers: z.array(z.string()),
  initiator_id: z.string(),
  on_timeout: z.enum(['reject', 'fail']),
  requested_at: z.iso.datetime(),
  expires_at: z.iso.datetime(),
  decided_by: z.string().nullable(),
  decided_at: z.iso.datetime().nullable(),
  reason: z.string().nullable(),
  /** How often people were reminded, and when last. */
  reminders: z.int(),
  reminded_at: z.iso.datetime().nullable(),
  /** `temporal_ui`: the run's page in Temporal's Web UI, for platform operators. */
  links: z.strictObject({ self: z.string(), run: z.string(), temporal_ui: z.string().optional() }),
});

export function toApprovalView(row: ApprovalRow, ui: UiLinks): z.infer<typeof approvalView> {
  return {
    approval_id: row.approvalId,
    status: row.status,
    question: row.question,
    details: row.details,
    call: callOf(row),
    proposed: row.proposedDigest === null ? null : { parameters: row.proposedParameters ?? {}, digest: row.proposedDigest },
    stands: row.stands,
    run_id: row.runId,
    approvers: row.approvers,
    initiator_id: row.initiatorId,
    on_timeout: row.onTimeout,
    requested_at: row.requestedAt.toISOString(),
    expires_at: row.expiresAt.toISOString(),
    decided_by: row.decidedBy,
    decided_at: row.decidedAt?.toISOString() ?? null,
    reason: row.reason,
    reminders: row.reminders,
    reminded_at: row.remindedAt?.toISOString() ?? null,
    links: {
      self: `/v1/approvals/${row.approvalId}`,
      run: `/v1/runs/${encodeURIComponent(row.runId)}`,
      ...runPage(ui, row.runId),
    },
  };
}

function callOf(row: ApprovalRow): z.infer<typeof approvalView>['call'] {
  const { callId, capability, capabilityVersion, connectionId, parameters, digest } = row;
  if (callId === null || capability === null || connectionId === null || digest === null) return null;
  return {
    call_id: callId,
    capability,
    capability_version: capabilityVersion ?? 1,
    connection_id: connectionId,
    parameters: parameters ?? {},
    digest,
  };
}
