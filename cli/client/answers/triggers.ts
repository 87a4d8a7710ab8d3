import { z } from 'zod';
import { jsonObjectSchema } from '../../../contracts/json.ts';
import { pageOf } from './page.ts';

const startedAnswer = z.looseObject({ run_id: z.string(), employee_id: z.string() });

export const sentTriggerAnswer = z.looseObject({
  trigger_id: z.string(),
  decision: z.string(),
  runs: z.array(startedAnswer).default([]),
});
export type SentTriggerAnswer = z.infer<typeof sentTriggerAnswer>;

export const candidateAnswer = z.looseObject({
  employee_id: z.string(),
  name: z.string(),
  score: z.number(),
  why: z.string().default(''),
  started: z.boolean().default(false),
});
export type CandidateAnswer = z.infer<typeof candidateAnswer>;

export const triggerSummaryAnswer = sentTriggerAnswer.extend({
  source: z.string(),
  sent_by: z.string(),
  type: z.string().nullish(),
  rule: z.string(),
  reason: z.string(),
  decided_by: z.string().nullish(),
  at: z.string(),
});
export type TriggerSummaryAnswer = z.infer<typeof triggerSummaryAnswer>;

export const triggerAnswer = triggerSummaryAnswer.extend({
  text: z.string().nullish(),
  payload: jsonObjectSchema,
  candidates: z.array(candidateAnswer).default([]),
});
export type TriggerAnswer = z.infer<typeof triggerAnswer>;

export const triggerPageAnswer = pageOf(triggerSummaryAnswer);
