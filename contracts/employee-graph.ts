import { z } from 'zod';
import { jsonObjectSchema } from './json.ts';
import { policySchema } from './policy.ts';
import { expressionSchema, nodeIdSchema, skillGraphSchema } from './skill-graph.ts';
import { qualifiedCapabilitySchema } from './capability.ts';
import { eventFilterSchema, triggerTypeSchema } from './trigger.ts';

/** Where a skill node came from, so that a manager can ask "why does it do that?". */
export const provenanceSchema = z.strictObject({
  sentences: z.array(z.string()),
  source: z.enum(['template', 'model', 'person']),
  template: z.string().optional(),
  score: z.number().min(0).max(1),
  runner_up: z.strictObject({ template: z.string(), score: z.number() }).optional(),
});

export const skillNodeSchema = z.strictObject({
  id: nodeIdSchema,
  /**
   * A `supervisor` is a skill whose output `{ next, reason, by? }` says which of its ways out are taken: their targets, none or
   * several. Where a way back leads to it, it decides again, `max_visits` times at most. It chooses within the graph only.
   */
  type: z.enum(['skill', 'supervisor']),
  skill_graph: z.string(),
  title: z.string().max(120),
  /** `<noun>.read` / `<noun>.write`: what the skill may use; the checker refuses a capability outside them. */
  permissions: z.array(z.string()),
  /** Template over `{ trigger, skills, now }`: the skill graph's input. */
  input: jsonObjectSchema,
  isolation: z.enum(['child', 'inline']).default('child'),
  /** Of the target of a way back: how often at most. What lies after it is visited again each time. */
  max_visits: z.int().min(1).max(100).default(1),
  provenance: provenanceSchema.optional(),
});
export type SkillNode = z.infer<typeof skillNodeSchema>;

/**
 * `when` is JSONata over `{ trigger, skills, now }` (`skills.<node>.output`); absent = always. A node runs when each incoming
 * edge is decided and at least one was taken; when none was, it is skipped and so are its ways. `loop` marks a way back: it
 * starts another visit of its target, up to `max_visits`. Ways out of a supervisor have no `when`.
 */
export const employeeEdgeSchema = z.strictObject({
  from: nodeIdSchema,
  to: nodeIdSchema,
  when: expressionSchema.optional(),
  loop: z.boolean().default(false),
});
export type EmployeeEdge = z.infer<typeof employeeEdgeSchema>;

/** The founding document's `graph_spec`. */
export const employeeGraphSchema = z.strictObject({
  graph_id: z.string(),
  type: z.literal('employee'),
  nodes: z.array(skillNodeSchema).min(1).max(50),
  edges: z.array(employeeEdgeSchema).max(200),
});
export type EmployeeGraph = z.infer<typeof employeeGraphSchema>;

/** What five cron fields cannot say: of the days that they hold, a run does something on these only. */
export const dayRuleSchema = z.enum(['first_business_day', 'last_business_day', 'last_day', 'last_weekday', 'every_other_week']);
export type DayRule = z.infer<typeof dayRuleSchema>;

export const triggerProposalSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('direct_command'), sentence: z.string().optional() }),
  z.strictObject({
    type: z.literal('schedule'),
    cron: z.string(),
    timezone: z.string().nullable(),
    time_given: z.boolean(),
    /** Absent: every day that the fields hold. Kept by the employee's own edges. */
    only_on: dayRuleSchema.optional(),
    sentence: z.string(),
    /** Nodes of the duties that start then. */
    duties: z.array(nodeIdSchema).optional(),
  }),
  z.strictObject({
    type: z.literal('external_event'),
    source: z.string(),
    about: z.string(),
    sentence: z.string(),
    /** What activation subscribes to; absent where the words name no event that a provider tells of. */
    events: z.array(z.strictObject({ type: triggerTypeSchema, filter: eventFilterSchema })).optional(),
    /** Nodes of the duties that start then. */
    duties: z.array(nodeIdSchema).optional(),
  }),
]);
export type TriggerProposal = z.infer<typeof triggerProposalSchema>;

/** What a model that was asked for more skills has added to what was found without it. */
export const modelReportSchema = z.strictObject({
  /** As it is called at its endpoint. */
  name: z.string(),
  /** How often it was asked: once, and once more for each answer that was sent back. */
  asked: z.int(),
  used: z.boolean(),
  /** Why nothing of it was used. */
  reason: z.string().optional(),
  added_skills: z.array(
    z.strictObject({
      skill: z.string(),
      sentences: z.array(z.string()),
      capabilities: z.array(qualifiedCapabilitySchema),
      /** Of the library; absent for a skill of its own. */
      template: z.string().optional(),
    }),
  ),
  added_capabilities: z.array(qualifiedCapabilitySchema),
  added_permissions: z.array(z.string()),
  /** What was wrong with its last answer. */
  problems: z.array(z.string()),
});

/** The builder's account of what it made of each sentence. Shown before activation, stored with the version. */
export const explanationSchema = z.strictObject({
  understood: z.array(
    z.strictObject({
      sentence: z.string(),
      skill: z.string(),
      capabilities: z.array(qualifiedCapabilitySchema),
      score: z.number(),
    }),
  ),
  triggers: z.array(triggerProposalSchema),
  /** Prohibitions and limits that became policy rules (the rules themselves carry the sentence). */
  limits: z.array(z.strictObject({ sentence: z.string(), rule: z.string() })),
  not_understood: z.array(z.strictObject({ sentence: z.string(), reason: z.string(), question: z.string().optional() })),
  missing_connections: z.array(z.strictObject({ provider: z.string(), launch: z.string() })),
  /** Where a model was asked: how its answer differs from the one without it, or why that one stands. */
  model: modelReportSchema.optional(),
});
export type Explanation = z.infer<typeof explanationSchema>;

/**
 * Everything an immutable version of an employee consists of. `content_hash` = SHA-256 of its canonical JSON without
 * `graph_id`, which says whose version it is: the same content has the same hash wherever it is.
 */
export const employeeDefinitionSchema = z.strictObject({
  graph: employeeGraphSchema,
  skill_graphs: z.record(z.string(), skillGraphSchema),
  policy: policySchema,
  /** Qualified capabilities that the skills use: what activation grants. */
  capabilities: z.array(qualifiedCapabilitySchema),
});
export type EmployeeDefinition = z.infer<typeof employeeDefinitionSchema>;
