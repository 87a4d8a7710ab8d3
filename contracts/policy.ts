import { z } from 'zod';
import { amountSchema, currencySchema } from './money.ts';
import { expressionSchema } from './skill-graph.ts';

/** What happens when nobody answered an approval in time. */
export const onTimeoutSchema = z.enum(['reject', 'fail']);

/**
 * One rule of an employee's policy; the first whose pattern and condition hold decides (design, "Policy").
 * `capability` is a qualified id or a pattern with one trailing `*` (`slack/*`, `slack/slack.*`).
 */
export const policyRuleSchema = z.strictObject({
  capability: z.string().regex(/^[a-z][a-z0-9-]*\/([a-z][a-z0-9_.]*\*?|\*)$/),
  /** JSONata over `{ parameters, capability, skill, now }`, `skill` the node that calls; true = the rule applies. */
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

/** Stands for every currency that a budget does not name. */
export const ANY_CURRENCY = '*';

/**
 * What an employee may do and spend, all its versions together; reads count nothing. Days are UTC days. A call counts from
 * before it is sent until the provider provably did nothing.
 */
export const budgetSchema = z.strictObject({
  /** Effects of a run and its retries together. */
  effects_per_run: z.int().min(0).max(1_000_000),
  effects_per_day: z.int().min(0).max(1_000_000),
  /** By currency (ISO 4217), `*` for those that are not named; what is neither named nor covered may not be spent. */
  money_per_day: z
    .record(z.union([currencySchema, z.literal(ANY_CURRENCY)]), amountSchema)
    .refine((limits) => Object.keys(limits).length <= 50, 'at most 50 currencies'),
});
export type Budget = z.infer<typeof budgetSchema>;

/**
 * Of an employee whose manager has set none: far above what duties need, low enough to stop one that runs wild before the
 * day is over. A run may make as many calls as the checker of graphs allows one (`MAX_CALLS_PER_RUN`).
 */
export const DEFAULT_BUDGET: Budget = {
  effects_per_run: 2_000,
  effects_per_day: 10_000,
  money_per_day: { [ANY_CURRENCY]: '100000' },
};

/** What an organisation may do, all its employees together. */
export const quotaSchema = z.strictObject({
  effects_per_day: z.int().min(0).max(100_000_000),
  /** Reads too: uses of capabilities that go out to a provider. */
  calls_per_minute: z.int().min(1).max(1_000_000).default(30_000),
  /** Under way at once. */
  calls_at_once: z.int().min(1).max(10_000).default(500),
});
export type Quota = z.infer<typeof quotaSchema>;

export const DEFAULT_QUOTA: Quota = quotaSchema.parse({ effects_per_day: 100_000 });
