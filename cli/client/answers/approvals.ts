import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../../../contracts/json.ts';
import { webUiLinks } from './links.ts';
import { pageOf } from './page.ts';

export const approvalAnswer = z.looseObject({
  approval_id: z.string(),
  run_id: z.string(),
  status: z.string(),
  question: z.string(),
  /** What the asking skill shows with its question. */
  details: jsonSchema.optional(),
  /** The call that will run exactly so; null for a question of the employee's own. */
  call: z
    .looseObject({
      call_id: z.string(),
      capability: z.string(),
      capability_version: z.int(),
      connection_id: z.string(),
      parameters: jsonObjectSchema,
      digest: z.string(),
    })
    .nullish(),
  /** What was asked for, where the approver changed it. */
  proposed: z.looseObject({ parameters: jsonObjectSchema }).nullish(),
  /** What the call has done already: yes takes it as the result, and nothing runs. */
  stands: jsonObjectSchema.nullish(),
  /** User ids or `role:` words; empty = whoever may decide approvals. */
  approvers: z.array(z.string()).default([]),
  initiator_id: z.string().optional(),
  on_timeout: z.string().optional(),
  requested_at: z.string(),
  expires_at: z.string(),
  decided_by: z.string().nullish(),
  decided_at: z.string().nullish(),
  reason: z.string().nullish(),
  reminders: z.int().optional(),
  reminded_at: z.string().nullish(),
  links: webUiLinks.optional(),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswer>;

export const approvalPageAnswer = pageOf(approvalAnswer);

/** One answer per decision, in their order. */
export const decidedManyAnswer = z.looseObject({
  results: z.array(
    z.looseObject({
      approval_id: z.string(),
      status: z.int(),
      approval: approvalAnswer.optional(),
      code: z.string().optional(),
      detail: z.string().optional(),
    }),
  ),
});
export type DecidedManyAnswer = z.infer<typeof decidedManyAnswer>;
