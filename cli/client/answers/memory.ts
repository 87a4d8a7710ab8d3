import { z } from 'zod';
import { jsonSchema } from '../../../contracts/json.ts';
import { pageOf } from './page.ts';

const sourceAnswer = z.looseObject({ type: z.string(), id: z.string(), skill_run: z.string().nullish() });

export const memorySummaryAnswer = z.looseObject({
  memory_id: z.string(),
  scope: z.string(),
  employee_id: z.string().nullish(),
  skill: z.string().nullish(),
  kind: z.string(),
  key: z.string(),
  value: jsonSchema,
  version: z.number(),
  confidence: z.number(),
  source: sourceAnswer,
  updated_at: z.string(),
  confirmed_at: z.string().nullish(),
  used_at: z.string().nullish(),
  expires_at: z.string().nullish(),
});
export type MemorySummaryAnswer = z.infer<typeof memorySummaryAnswer>;

export const memoryAnswer = memorySummaryAnswer.extend({
  versions: z.array(
    z.looseObject({
      version: z.number(),
      value: jsonSchema,
      confidence: z.number(),
      source: sourceAnswer,
      written_at: z.string(),
    }),
  ),
});
export type MemoryAnswer = z.infer<typeof memoryAnswer>;

export const memoryPageAnswer = pageOf(memorySummaryAnswer);
export const createdMemoryAnswer = z.looseObject({ memory_id: z.string(), version: z.number() });
