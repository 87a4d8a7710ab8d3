import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../../../contracts/json.ts';
import { acceptedRunAnswer } from './runs.ts';

export const acceptedRehearsalAnswer = acceptedRunAnswer.extend({ baseline_run_id: z.string().nullish() });

const effectAnswer = z.looseObject({
  call_id: z.string(),
  skill: z.string(),
  capability: z.string(),
  account_name: z.string().nullish(),
  parameters: jsonObjectSchema,
  answered_by: z.string(),
  would_ask: z.looseObject({ approvers: z.array(z.string()), reason: z.string(), answer: z.string() }).nullish(),
  refused: z.looseObject({ code: z.string(), message: z.string() }).nullish(),
});
export type EffectAnswer = z.infer<typeof effectAnswer>;

export const rehearsalAnswer = z.looseObject({
  run_id: z.string(),
  employee_id: z.string(),
  version: z.int(),
  status: z.string(),
  error_code: z.string().nullish(),
  error: z.string().nullish(),
  from_run: z.string().nullish(),
  sentences: z.array(z.string()),
  effects: z.array(effectAnswer),
  questions: z.array(z.looseObject({ skill: z.string(), question: z.string(), answer: z.string() })),
  reads: z.looseObject({ recorded: z.int(), live: z.int(), made_up: z.int(), refused: z.int() }),
  baseline: z.looseObject({ run_id: z.string(), version: z.int(), status: z.string() }).nullish(),
  comparison: z
    .looseObject({
      sentences: z.array(z.string()),
      added: z.array(effectAnswer),
      removed: z.array(effectAnswer),
      changed: z.array(
        z.looseObject({
          before: effectAnswer,
          after: effectAnswer,
          fields: z.array(z.looseObject({ field: z.string(), before: jsonSchema.optional(), after: jsonSchema.optional() })),
        }),
      ),
      same: z.int(),
    })
    .nullish(),
});
export type RehearsalAnswer = z.infer<typeof rehearsalAnswer>;
