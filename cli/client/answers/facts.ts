import { z } from 'zod';
import { jsonObjectSchema } from '../../../contracts/json.ts';
import { pageOf } from './page.ts';

export const factAnswer = z.looseObject({
  seq: z.number(),
  kind: z.string(),
  employee_id: z.string().nullish(),
  run_id: z.string().nullish(),
  data: jsonObjectSchema,
  at: z.string(),
});
export type FactAnswer = z.infer<typeof factAnswer>;

export const factPageAnswer = pageOf(factAnswer);
