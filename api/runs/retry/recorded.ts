import { z } from 'zod';
import { ERROR_CODES } from '../../../contracts/errors.ts';
import { jsonObjectSchema, jsonSchema } from '../../../contracts/json.ts';
import type { BurstResult } from '../../../contracts/burst.ts';
import type { SkillRunResult } from '../../../contracts/run.ts';
import type { EvaluateEdgesResult } from '../../../contracts/worker-activities.ts';
import { askSchema } from '../../memory/asks.ts';

/** What a retry reads of the payloads in a history (contracts/run.ts). What does not fit is not gone on from. */
const request = { id: z.string(), path: z.string(), n: z.int().min(1) };
const requestSchema = z.discriminatedUnion('kind', [
  z.looseObject({
    ...request,
    kind: z.literal('call'),
    capability: z.string(),
    parameters: jsonObjectSchema,
    on_refused: z.enum(['fail', 'continue']).exactOptional(),
  }),
  z.looseObject({
    ...request,
    kind: z.literal('approval'),
    question: z.string(),
    details: jsonSchema,
    timeout_seconds: z.number(),
  }),
  z.looseObject({ ...request, kind: z.literal('wait'), seconds: z.number() }),
  z.looseObject({ ...request, kind: z.literal('refusal'), tool: z.string(), reason: z.string() }),
  z.looseObject({
    ...request,
    kind: z.literal('foreach'),
    body: z.string(),
    items: z.array(jsonSchema),
    inputs: z.array(jsonObjectSchema),
    max_parallel: z.int(),
  }),
]);

const about = {
  thread: z.strictObject({
    skill_run: z.string(),
    items: z.array(z.strictObject({ path: z.string(), index: z.int().min(0) })),
  }),
  micro_agents: z.array(z.string()),
  remembered: z.array(askSchema).exactOptional(),
};

export type RecordedBurst = BurstResult;
export const recordedBurst: z.ZodType<RecordedBurst> = z.discriminatedUnion('kind', [
  z.strictObject({ ...about, kind: z.literal('done'), output: jsonSchema, count: z.int().min(0) }),
  z.strictObject({
    ...about,
    kind: z.literal('waiting'),
    requests: z.array(requestSchema),
    checkpoint: z.strictObject({ graph_hash: z.string(), count: z.int().min(0), state: jsonSchema }),
  }),
  z.strictObject({
    ...about,
    kind: z.literal('unavailable'),
    waiting_on: z.literal('model'),
    retry_after_ms: z.number(),
    message: z.string(),
  }),
  z.strictObject({ ...about, kind: z.literal('failed'), code: z.enum(ERROR_CODES), message: z.string(), path: z.string() }),
]);

export const recordedSkill: z.ZodType<SkillRunResult> = z.strictObject({
  output: jsonSchema,
  micro_agents: z.array(z.string()),
  capabilities_used: z.array(z.string()),
  calls_made: z.int().min(0),
  remembered: z.array(askSchema).exactOptional(),
});

export const recordedWays: z.ZodType<Pick<EvaluateEdgesResult, 'taken'>> = z.looseObject({
  taken: z.record(z.string(), z.boolean()),
});

export const recordedMarker = z.looseObject({ activity_type: z.string() });
