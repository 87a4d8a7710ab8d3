import { z } from 'zod';

/** Calls of one skill of one employee that ended alike, from their receipts; those of rehearsals are left out. */
export const callSummarySchema = z.strictObject({
  employee_id: z.string(),
  /** Node of the skill. */
  skill: z.string(),
  /** Qualified. */
  capability: z.string(),
  outcome: z.enum(['in_flight', 'succeeded', 'refused', 'maybe', 'unknown']),
  error_code: z.string().nullable(),
  calls: z.int(),
  /** Of all of them together. */
  latency_ms: z.number(),
  /** Units of the providers' limits, likewise. */
  cost_units: z.number(),
  /** Some runs that they are of, the latest first. */
  run_ids: z.array(z.string()),
});
export type CallSummary = z.infer<typeof callSummarySchema>;

/** Answer of ConnectHub's `GET /receipts/summary`. */
export const callSummariesSchema = z.strictObject({ items: z.array(callSummarySchema) });
