import { z } from 'zod';
import { jsonObjectSchema } from '../../../contracts/json.ts';

export const suggestionAnswer = z.looseObject({
  suggestion_id: z.string(),
  kind: z.string(),
  employee_name: z.string(),
  text: z.string(),
  next: z.string(),
  rule: jsonObjectSchema.nullish(),
  evidence: z.looseObject({ count: z.number(), of: z.number(), run_ids: z.array(z.string()), approval_ids: z.array(z.string()) }),
});
export type SuggestionAnswer = z.infer<typeof suggestionAnswer>;

const figures = {
  runs: z.number(),
  success_rate: z.number().nullish(),
  approvals: z.looseObject({ asked: z.number(), approval_rate: z.number().nullish(), wait_seconds: z.number().nullish() }),
  calls: z.looseObject({ calls: z.number(), refused: z.number(), cost_units: z.number() }).nullish(),
};

export const insightsAnswer = z.looseObject({
  since: z.string(),
  until: z.string(),
  runs_considered: z.number(),
  calls_missing: z.string().nullish(),
  employees: z.array(
    z.looseObject({
      employee_id: z.string(),
      name: z.string(),
      ...figures,
      latency_ms: z.looseObject({ p50: z.number().nullish() }),
    }),
  ),
  skills: z.array(z.looseObject({ employee_id: z.string(), skill: z.string(), title: z.string(), ...figures })),
  suggestions: z.array(suggestionAnswer),
});
export type InsightsAnswer = z.infer<typeof insightsAnswer>;
