import { z } from 'zod';
import { qualifiedCapabilitySchema, riskSchema } from './capability.ts';
import { jsonObjectSchema, jsonSchema } from './json.ts';

/** What answered a call of a rehearsal. */
export const REHEARSED_BY = [
  /** A read that went to the provider. */
  'provider',
  /** A read that an earlier run made: its recorded result. */
  'recorded',
  /** A write: made of the result of an earlier one of the same capability. */
  'receipt',
  /** A write: made of the output schema alone. */
  'schema',
  /** It would have been refused. */
  'nobody',
] as const;

export const rehearsedAnswerSchema = z.enum(['approve', 'reject']);

/** How people's answers are taken to be: nobody is asked. */
export const rehearsedApprovalsSchema = z.strictObject({
  answer: rehearsedAnswerSchema.default('approve'),
  /** Other answers, by qualified capability. */
  capabilities: z
    .record(qualifiedCapabilitySchema, rehearsedAnswerSchema)
    .refine((answers) => Object.keys(answers).length <= 100, 'at most 100')
    .default({}),
});
export type RehearsedApprovals = z.infer<typeof rehearsedApprovalsSchema>;

/** Whom the policy would have asked about a call, and the answer that was taken for theirs. */
export const rehearsedQuestionSchema = z.strictObject({
  /** Empty = whoever may decide approvals. */
  approvers: z.array(z.string()),
  reason: z.string(),
  timeout_seconds: z.int(),
  answer: rehearsedAnswerSchema,
});
export type RehearsedQuestion = z.infer<typeof rehearsedQuestionSchema>;

/** A call of a rehearsal, as ConnectHub tells of it. */
export const rehearsedCallSchema = z.strictObject({
  call_id: z.string(),
  /** Qualified. */
  capability: z.string(),
  capability_version: z.int(),
  risk: riskSchema,
  connection_id: z.string(),
  account_name: z.string().nullable(),
  /** Exactly as they would have gone out. */
  parameters: jsonObjectSchema,
  answered_by: z.enum(REHEARSED_BY),
  /** The earlier call whose result it was made of. */
  basis: z.string().nullable(),
  /** What the rehearsal went on with; null where it was refused, or where the provider answered. */
  result: jsonSchema,
  question: rehearsedQuestionSchema.nullable(),
  error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  at: z.iso.datetime(),
});
export type RehearsedCall = z.infer<typeof rehearsedCallSchema>;
