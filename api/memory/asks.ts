import { z } from 'zod';
import { jsonSchema } from '../../contracts/json.ts';
import {
  confidenceSchema,
  expiresInDaysSchema,
  MAX_MEMORIES_OF_GRAPH,
  memoryKeySchema,
  MEMORY_KINDS,
  MEMORY_SCOPES,
  type MemoryAsk,
} from '../../contracts/memory.ts';
import type { RememberedBySkill } from '../../contracts/agent-core-activities.ts';

const REFUSALS = ['too_large', 'too_many', 'invalid_key', 'expression_failed', 'holds_secret'] as const;
/** Visits of skills times entries of a graph: more than that no run has. */
const MAX_ASKS = 500 * (MAX_MEMORIES_OF_GRAPH + 1);

const wanted = {
  path: z.string().max(2_000),
  key: memoryKeySchema,
  scope: z.enum(MEMORY_SCOPES),
  kind: z.enum(MEMORY_KINDS),
  value: jsonSchema,
  confidence: confidenceSchema,
  expires_in_days: expiresInDaysSchema.exactOptional(),
};
const refused = {
  path: z.string().max(2_000),
  key: z.string().max(200),
  refused: z.enum(REFUSALS),
  message: z.string().max(300),
};
const by = { skill_run: z.string() };

/** What stands in a history as asked for by one graph. */
export const askSchema: z.ZodType<MemoryAsk> = z.union([z.strictObject(wanted), z.strictObject(refused)]);
/** What a workflow says that its skills asked for. */
export const rememberedSchema: z.ZodType<RememberedBySkill[]> = z
  .array(z.union([z.strictObject({ ...wanted, ...by }), z.strictObject({ ...refused, ...by })]))
  .max(MAX_ASKS);
