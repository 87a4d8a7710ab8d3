import { z } from 'zod';
import { expressionSchema } from './skill-graph.ts';

/** What happens when nobody answered an approval in time. */
export const onTimeoutSchema = z.enum(['reject', 'fail']);

/**
 * One rule of an employee's policy; the first whose pattern and condition hold decides (design, "Policy").
 * `capability` is a qualified id or a pattern with one trailing `*` (`slack/*`, `slack/slack.*`).
 */
export const policyRuleSchema = z.strictObject({
  capability: z.string().regex(/^[a-z][a-z0-9-]*\/([a-z][a-z0-9_.]*\*?|\*)$/),
  /** JSONata over `{ parameters, capability, now }`; true = the rule applies. */
  when: expressionSchema.optional(),
  effect: z.enum(['allow', 'require_approval', 'deny']),
  /** User ids, or `role:approver` words; empty = whoever may decide approvals. */
  approvers: z.array(z.string()).default([]),
  timeout_seconds: z
    .int()
    .min(1)
    .max(90 * 86_400)
    .default(7 * 86_400),
  on_timeout: onTimeoutSchema.default('reject'),
  /** Why the rule is there, in words a manager reads at activation; `sentence` quotes the job description. */
  reason: z.string(),
  sentence: z.string().optional(),
});
export type PolicyRule = z.infer<typeof policyRuleSchema>;

export const policySchema = z.array(policyRuleSchema).max(200);
export type Policy = z.infer<typeof policySchema>;
