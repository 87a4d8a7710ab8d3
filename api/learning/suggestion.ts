import { z } from 'zod';
import { policyRuleSchema, type PolicyRule } from '../../contracts/policy.ts';

export const SUGGESTION_KINDS = [
  'failing_skill',
  'always_approved',
  'often_rejected',
  'slow_approvals',
  'unused_employee',
  'unused_skill',
  'refused_calls',
] as const;

export const suggestionSchema = z.strictObject({
  suggestion_id: z.uuid().describe('the same as long as it is about the same'),
  kind: z.enum(SUGGESTION_KINDS),
  employee_id: z.string(),
  employee_name: z.string(),
  skill: z.string().nullable().describe('node of the skill'),
  capability: z.string().nullable().describe('qualified'),
  text: z.string().describe('for the manager, as a sentence'),
  next: z.string().describe('what the manager can do about it'),
  rule: policyRuleSchema.nullable().describe('a rule of policy that would do it; nothing puts it there but a person'),
  evidence: z.strictObject({
    count: z.int().describe('how often it was seen'),
    of: z.int().describe('of how many cases'),
    run_ids: z.array(z.string()).describe('some of the runs'),
    approval_ids: z.array(z.string()).describe('some of the approvals'),
  }),
});
export type SuggestionView = z.infer<typeof suggestionSchema>;

/** A suggestion before it has an id and its employee's name. */
export interface Suggestion {
  kind: (typeof SUGGESTION_KINDS)[number];
  employeeId: string;
  skill: string | null;
  capability: string | null;
  /** What tells it from others of its kind, besides employee, skill and capability. */
  about?: string;
  text: string;
  next: string;
  rule: PolicyRule | null;
  evidence: { count: number; of: number; runIds: string[]; approvalIds: string[] };
}

const SHOWN = 10;

/** Ids of the cases that it rests on, a few of them. */
export function evidenceOf(count: number, of: number, cases: { runId: string; approvalId?: string }[]): Suggestion['evidence'] {
  return {
    count,
    of,
    runIds: [...new Set(cases.map(({ runId }) => runId))].slice(0, SHOWN),
    approvalIds: cases.flatMap(({ approvalId }) => (approvalId === undefined ? [] : [approvalId])).slice(0, SHOWN),
  };
}
