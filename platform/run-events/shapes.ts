import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../../contracts/json.ts';

/**
 * What the mapper reads of the payloads in a history (contracts/run.ts has the whole of them). Anybody who reaches Temporal
 * can write a history, so what does not fit is passed over.
 */
const itemSchema = z.object({ path: z.string(), index: z.int() });

export const burstSchema = z.object({
  thread: z.object({ skill_run: z.string(), items: z.array(itemSchema) }),
  micro_agents: z.array(z.string()),
  kind: z.enum(['done', 'waiting', 'unavailable', 'failed']),
  code: z.string().optional(),
  message: z.string().optional(),
  output: jsonSchema.optional(),
});

export const callSchema = z.object({
  call_id: z.string(),
  capability: z.string(),
  connection_id: z.string(),
  parameters: jsonObjectSchema,
});

export const outcomeSchema = z.object({
  kind: z.enum(['succeeded', 'approval_required', 'wait', 'unknown', 'refused']),
  call_id: z.string(),
  result: jsonSchema.optional(),
  provider_effect_id: z.string().optional(),
  code: z.string().optional(),
  message: z.string().optional(),
});

export const askedSchema = z.object({
  question: z.string(),
  details: jsonSchema,
  call: z.object({ call_id: z.string(), ask: z.object({ capability: z.string(), reason: z.string() }) }).optional(),
});
export const approvalSchema = z.object({
  approval_id: z.string(),
  expires_at: z.string(),
  status: z.string(),
  parameters: jsonObjectSchema.optional(),
});
export const expireInputSchema = z.object({ approval_id: z.string() });
export const expiredSchema = z.object({
  status: z.string(),
  decided_by: z.string().optional(),
  reason: z.string().optional(),
  parameters: jsonObjectSchema.optional(),
});

export const decisionSchema = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('approval'),
    approval_id: z.string(),
    status: z.string(),
    decided_by: z.string().optional(),
    reason: z.string().optional(),
    /** What was approved instead of what was asked for. */
    parameters: jsonObjectSchema.optional(),
  }),
  z.object({ kind: z.literal('receipt_resolved'), call_id: z.string(), resolution: z.string() }),
  z.object({ kind: z.literal('cancel'), reason: z.string().optional() }),
  z.object({ kind: z.enum(['pause', 'resume']), decided_by: z.string(), reason: z.string().optional() }),
]);

const usedMemorySchema = z.object({ id: z.string(), version: z.int(), scope: z.string(), kind: z.string(), key: z.string() });
const takenSchema = z.object({ output: jsonSchema, capabilities_used: z.array(z.string()), calls_made: z.int() });
export const runInputSchema = z.object({
  intent: z.object({
    run_id: z.string(),
    trigger: z.object({ type: z.string(), source: z.string() }),
    graph_spec: z.object({ nodes: z.array(z.object({ id: z.string(), isolation: z.string() })) }),
  }),
  plan: z.object({ memory: z.object({ entries: z.array(usedMemorySchema) }).optional() }).optional(),
  resume: z.object({ skills: z.record(z.string(), z.object({ result: takenSchema.optional() })) }).optional(),
});
export const skillInputSchema = z.object({
  node: z.object({ id: z.string(), title: z.string(), skill_graph: z.string() }),
  visit: z.int(),
});
export const skillResultSchema = z.object({
  output: jsonSchema.optional(),
  capabilities_used: z.array(z.string()),
  calls_made: z.int(),
});
export const runResultSchema = z.object({
  status: z.enum(['completed', 'failed', 'interrupted']),
  result: jsonObjectSchema,
  error: z.string().optional(),
  error_code: z.string().optional(),
  skills_executed: z.array(z.string()),
  capabilities_used: z.array(z.string()),
  execution_time_ms: z.number(),
  hierarchical_events: z.array(z.object({ run_id: z.string(), status: z.string() })),
});
export const markerSchema = z.object({ activity_type: z.string() });

const nodeTypeSchema = z.object({ id: z.string(), type: z.string().optional() });
export const supervisedSchema = z.object({
  intent: z.object({ graph_spec: z.object({ nodes: z.array(nodeTypeSchema) }) }).optional(),
  node: nodeTypeSchema.optional(),
});
export const decisionOutputSchema = z.object({
  next: z.union([z.string(), z.array(z.string())]),
  reason: z.string(),
  by: z.enum(['model', 'rules']).catch('rules'),
});
export const refusalSchema = z.object({ skill_run: z.string(), path: z.string(), tool: z.string(), reason: z.string() });
