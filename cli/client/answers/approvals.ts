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
  /** Present when a call asks: exactly what will run. */
  call_id: z.string().nullish(),
  digest: z.string().nullish(),
  capability: z.string().nullish(),
  capability_version: z.int().nullish(),
  connection_id: z.string().nullish(),
  parameters: jsonObjectSchema.nullish(),
  /** User ids or `role:` words; empty = whoever may decide approvals. */
  approvers: z.array(z.string()).default([]),
  requested_at: z.string(),
  expires_at: z.string(),
  decided_by: z.string().nullish(),
  decided_at: z.string().nullish(),
  reason: z.string().nullish(),
});
export type ApprovalAnswer = z.infer<typeof approvalAnswer>;

export const approvalPageAnswer = pageOf(approvalAnswer);
