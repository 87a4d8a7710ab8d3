import { z } from 'zod';
import { employeeGraphSchema } from './employee-graph.ts';
import { jsonObjectSchema, jsonSchema } from './json.ts';

/** The founding document's events. Unknown fields are refused; `schema_version` is raised when a field changes meaning. */
const envelope = {
  event_id: z.uuid(),
  schema_version: z.literal(1).default(1),
  org_id: z.string().min(1),
  employee_id: z.string(),
  execution_id: z.uuid(),
  run_id: z.string(),
  timestamp: z.iso.datetime(),
};

export const triggerSchema = z.strictObject({
  type: z.enum(['direct_command', 'schedule', 'external_event', 'internal_event']),
  payload: jsonObjectSchema,
  source: z.string(),
  /** Which schedule started the run, and for which instant. */
  schedule: z.strictObject({ schedule_id: z.uuid(), nominal_time: z.iso.datetime() }).exactOptional(),
  /** What the supervisor chose the employee for. */
  trigger_id: z.uuid().exactOptional(),
  /** Nodes that the run starts at, of those that start by themselves; the others are left out. */
  entry_skills: z.array(z.string()).min(1).exactOptional(),
});
export type Trigger = z.infer<typeof triggerSchema>;

export const runIntentSchema = z.strictObject({
  ...envelope,
  type: z.literal('runIntent'),
  auth_context: z.strictObject({ clerk_org_id: z.string(), employee_m2m_app_id: z.string() }),
  trigger: triggerSchema,
  context: z.strictObject({
    employee_memory: jsonObjectSchema,
    skill_contexts: jsonObjectSchema,
    org_knowledge: jsonObjectSchema,
    execution_state: jsonObjectSchema,
  }),
  graph_spec: employeeGraphSchema,
});
export type RunIntent = z.infer<typeof runIntentSchema>;

/** What a supervisor of the employee's graph chose. */
export const supervisorDecisionSchema = z.strictObject({
  node: z.string(),
  /** From 1: its place among the decisions of this node. */
  visit: z.int(),
  /** Nodes that run next, of those that its ways lead to. */
  next: z.array(z.string()),
  /** What it named besides, which leads nowhere. */
  ignored: z.array(z.string()),
  reason: z.string(),
  by: z.enum(['model', 'rules']),
});
export type SupervisorDecision = z.infer<typeof supervisorDecisionSchema>;

export const executionResultSchema = z.strictObject({
  ...envelope,
  type: z.literal('executionResult'),
  status: z.enum(['completed', 'failed', 'interrupted']),
  /** Output per skill node. */
  result: jsonObjectSchema,
  error: z.string().optional(),
  error_code: z.string().optional(),
  skills_executed: z.array(z.string()),
  execution_time_ms: z.number().min(0),
  /** Short form, as in the founding document: `slack.post`. */
  capabilities_used: z.array(z.string()),
  hierarchical_events: z.array(
    z.strictObject({
      run_id: z.string(),
      status: z.enum(['completed', 'failed', 'interrupted', 'skipped']),
      micro_agents: z.array(z.string()),
    }),
  ),
  /** Of a graph with supervisors, in the order in which they were made. */
  decisions: z.array(supervisorDecisionSchema).exactOptional(),
});
export type ExecutionResult = z.infer<typeof executionResultSchema>;

export const AGENT_EVENT_KINDS = [
  'run.started',
  'run.paused',
  'run.resumed',
  'run.completed',
  'run.failed',
  'run.interrupted',
  'skill.started',
  'skill.completed',
  'skill.failed',
  'skill.interrupted',
  'micro_agent.completed',
  'supervisor.decided',
  'call.requested',
  'call.succeeded',
  'call.refused',
  'call.maybe',
  'call.resolved',
  'approval.requested',
  'approval.decided',
  'waiting',
  'budget.exceeded',
  'memory.used',
] as const;

export const agentEventSchema = z.strictObject({
  ...envelope,
  type: z.literal('agentEvent'),
  /** Temporal event id within the workflow that `run_id` names (run or skill run). */
  sequence: z.int().min(0),
  kind: z.enum(AGENT_EVENT_KINDS),
  data: z.record(z.string(), jsonSchema),
});
export type AgentEvent = z.infer<typeof agentEventSchema>;
