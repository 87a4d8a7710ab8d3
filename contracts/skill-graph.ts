import { z } from 'zod';
import { isNodeId } from './ids.ts';
import { qualifiedCapabilitySchema } from './capability.ts';
import { jsonObjectSchema, jsonSchema } from './json.ts';
import { confidenceSchema, expiresInDaysSchema, MEMORY_KINDS, MEMORY_SCOPES } from './memory.ts';

/**
 * A skill's graph as data: what `activities/agent-worker/graph/` compiles to a LangGraph `StateGraph`.
 *
 * Expressions are JSONata over `{ input, nodes, item, index, now, trigger, memory }`: `input` is the graph's input, `nodes.<id>`
 * the output of a node that has run, `item`/`index` exist in the body of a `foreach`, `now` is an ISO instant fixed per burst
 * and recorded in history. `memory` is what was recalled for the run, as far as the skill may see it: `memory.entries`, the
 * most relevant first, and `memory.values.<key>` (`$lookup(memory.values, key)`), where the skill's own value comes before the
 * employee's and that before the organisation's. A *template* is any JSON value in which a string that starts with `=` is an expression
 * (`"=input.channel"`, as in a spreadsheet; `"=="` starts a literal `=`); everything else stands for itself.
 */
export const nodeIdSchema = z.string().refine(isNodeId, 'lower-case letters, digits and _, starting with a letter, 48 at most');
export const expressionSchema = z.string().min(1).max(4_000);
export const templateSchema = jsonSchema;

const base = { id: nodeIdSchema, title: z.string().max(120).optional() };

export const capabilityNodeSchema = z.strictObject({
  ...base,
  kind: z.literal('capability'),
  capability: qualifiedCapabilitySchema,
  /** Template of the call's parameters. The output is the capability's result. */
  parameters: jsonObjectSchema,
  /**
   * What a no that stands does: a person's, the policy's, the provider's. `continue` makes `{ refused: { code, message } }`
   * the output, so that one customer's refused reminder does not end the others'. Absent = the skill fails.
   */
  on_refused: z.enum(['fail', 'continue']).optional(),
});
/** Output: the expression's value. */
export const transformNodeSchema = z.strictObject({ ...base, kind: z.literal('transform'), expression: expressionSchema });
/** The expression's value, as a string, chooses the outgoing edges whose `when` equals it (`otherwise` if none does). */
export const branchNodeSchema = z.strictObject({ ...base, kind: z.literal('branch'), expression: expressionSchema });
/** Runs `body` once per item, each as a burst thread of its own. Output: the items' outputs in order. */
export const foreachNodeSchema = z.strictObject({
  ...base,
  kind: z.literal('foreach'),
  items: expressionSchema,
  /** Id of the skill graph run per item; its input is `input` below (template, evaluated per item, with `item` and `index`). */
  body: z.string(),
  input: jsonObjectSchema,
  max_items: z.int().min(1).max(1_000).default(100),
  max_parallel: z.int().min(1).max(20).default(5),
});
/** A nested skill graph. Output: the graph's output. */
export const graphNodeSchema = z.strictObject({ ...base, kind: z.literal('graph'), graph: z.string(), input: jsonObjectSchema });
/** A durable timer: seconds (number or template), from 0 to 90 days. */
export const waitNodeSchema = z.strictObject({
  ...base,
  kind: z.literal('wait'),
  seconds: z.union([z.number().min(0), z.string()]),
});
/** Asks a person. Output: `{ decision: 'approved' | 'rejected' | 'timed_out', by?, reason? }`. */
export const approvalNodeSchema = z.strictObject({
  ...base,
  kind: z.literal('approval'),
  /** Template of the question and of what is shown with it. */
  question: z.string(),
  details: templateSchema.optional(),
  timeout_seconds: z
    .int()
    .min(1)
    .max(90 * 86_400)
    .default(7 * 86_400),
});
/** A structured answer of a model. Output: an object of `schema`. */
export const modelNodeSchema = z.strictObject({
  ...base,
  kind: z.literal('model'),
  instructions: z.string(),
  /** Template; sent as data, apart from the instructions: text from outside never commands. */
  input: templateSchema,
  /** JSON Schema of the answer (type object). */
  schema: jsonObjectSchema,
  /**
   * Template of the output where no model is configured or it gives no answer that can be used; it sees the `reason` besides.
   * Without it the skill waits for a model that is away, and fails where none is configured.
   */
  fallback: templateSchema.optional(),
});

/**
 * A model that works with tools: each use of one is a call of its capability, as if a `capability` node had made it, decided
 * and recorded like any other. What a tool answers, a no as well, goes back to the model as data. Output: an object of
 * `schema`, which the model gives when it is done.
 */
export const agentToolSchema = z.strictObject({
  capability: qualifiedCapabilitySchema,
  /** What it is for, in words for the model. */
  description: z.string().min(1).max(1_000),
  /** JSON Schema (type object) of what the model gives. */
  parameters: jsonObjectSchema,
  /** Template of parameters that the model has no say in; they come before what it gives. */
  fixed: jsonObjectSchema.default({}),
});
export type AgentTool = z.infer<typeof agentToolSchema>;
export const agentNodeSchema = z.strictObject({
  ...base,
  kind: z.literal('agent'),
  instructions: z.string(),
  /** Template; sent as data, apart from the instructions: text from outside never commands. */
  input: templateSchema,
  /** All that it can use. */
  tools: z.array(agentToolSchema).min(1).max(16),
  /** JSON Schema of the answer (type object). */
  schema: jsonObjectSchema,
  /** Most turns of the model; with the last one it must answer. */
  max_turns: z.int().min(1).max(20).default(8),
});

export const microAgentSchema = z.discriminatedUnion('kind', [
  capabilityNodeSchema,
  transformNodeSchema,
  branchNodeSchema,
  foreachNodeSchema,
  graphNodeSchema,
  waitNodeSchema,
  approvalNodeSchema,
  modelNodeSchema,
  agentNodeSchema,
]);
export type MicroAgent = z.infer<typeof microAgentSchema>;
export type MicroAgentKind = MicroAgent['kind'];

export const parameterSchema = z.strictObject({
  type: z.enum(['string', 'number', 'boolean', 'array', 'object']),
  description: z.string(),
  required: z.boolean().default(false),
  default: jsonSchema.optional(),
});

/**
 * What is to be remembered when the graph ends. Values are small (`contracts/memory.ts`): what was learnt, not what a tool said.
 * What has no key or no value then is not remembered; what is too large or cannot be computed is refused, which the run
 * shows, and fails nothing.
 *
 * A key without an expression has one value at a time, which every later run of the skill is sure to get; of keys that differ
 * from run to run a later run gets those that are relevant to it.
 */
export const rememberSchema = z.strictObject({
  scope: z.enum(MEMORY_SCOPES),
  kind: z.enum(MEMORY_KINDS),
  /** Template of a text, such as `"='customer.' & $lowercase(item.name) & '.terms'"`. */
  key: z.string().min(1).max(4_000),
  value: templateSchema,
  /** How sure it is, 0 to 1. */
  confidence: confidenceSchema.optional(),
  expires_in_days: expiresInDaysSchema.optional(),
  /** Expression; anything but true = not remembered. */
  when: expressionSchema.optional(),
  /** Expression of a list: one entry for each item, which the other members see as `item` and `index`. */
  for_each: expressionSchema.optional(),
});
export type Remember = z.infer<typeof rememberSchema>;

/**
 * Nodes without an incoming edge start; the graph ends when nothing is left to run. A node with several incoming edges
 * waits for all of them (`join: all` is the rule), except that edges out of one `branch` exclude each other.
 * A way back (loop) must start at a `branch`; `max_steps` bounds the graph.
 */
export const skillGraphSchema = z.strictObject({
  /** `sg_digest_v1`. */
  id: z.string().regex(/^sg_[a-z0-9_]{1,60}_v[1-9]\d{0,5}$/),
  title: z.string().max(120),
  input: z.record(z.string(), parameterSchema),
  nodes: z.array(microAgentSchema).min(1).max(100),
  edges: z.array(z.strictObject({ from: nodeIdSchema, to: nodeIdSchema, when: z.string().optional() })).max(300),
  /** Template of the graph's output; without it, `nodes`. */
  output: templateSchema.optional(),
  /** Expressions see the graph's `output` besides. */
  remember: z.array(rememberSchema).max(10).optional(),
  max_steps: z.int().min(1).max(1_000).default(100),
});
export type SkillGraph = z.infer<typeof skillGraphSchema>;
export type SkillEdge = SkillGraph['edges'][number];
