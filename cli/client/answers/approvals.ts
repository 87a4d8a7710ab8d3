import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../../../contracts/json.ts';
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
  /** User ids or `role:` words; empty = whoever may decide approvals. */
  approvers: z.array(z.string()).default([]),
  initiator_id: z.string().optional(),
  on_timeout: z.string().optional(),
  requested_at: z.string(),
  expires_at: z.string(),
  decided_by: z.string().nullish(),
  decided_at: z.string().nullish(),
  reason: z.string().nullish(),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswer>;

export const approvalPageAnswer = pageOf(approvalAnswer);
