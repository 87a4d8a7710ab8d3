import { z } from 'zod';
import { jsonObjectSchema, jsonSchema } from '../../../contracts/json.ts';
import { pageOf } from './page.ts';
import { candidateAnswer } from './triggers.ts';

const linksAnswer = z.looseObject({
  self: z.string().optional(),
  events: z.string().optional(),
  /** The run's page in the Temporal Web UI, where there is one. */
  temporal_ui: z.string().optional(),
});

export const acceptedRunAnswer = z.looseObject({ run_id: z.string(), execution_id: z.string(), links: linksAnswer.optional() });

export const runSummaryAnswer = z.looseObject({
  run_id: z.string(),
  employee_id: z.string(),
  version: z.int(),
  execution_id: z.string(),
  /** `rehearsal`: nothing of it changed anything at a provider. */
  mode: z.string().default('live'),
  status: z.string(),
  waiting_on: z.array(z.string()).default([]),
  error_code: z.string().nullish(),
  requested_at: z.string(),
  started_at: z.string().nullish(),
  finished_at: z.string().nullish(),
  links: linksAnswer.optional(),
});

/** The founding document's `executionResult`. */
export const executionResultAnswer = z.looseObject({
  status: z.string(),
  result: jsonObjectSchema,
  error: z.string().optional(),
  error_code: z.string().optional(),
  skills_executed: z.array(z.string()),
  execution_time_ms: z.number(),
  capabilities_used: z.array(z.string()),
  hierarchical_events: z.array(
    z.looseObject({ run_id: z.string(), status: z.string(), micro_agents: z.array(z.string()).default([]) }),
  ),
});
export type ExecutionResultAnswer = z.infer<typeof executionResultAnswer>;

const memoryOfRun = { memory_id: z.string(), version: z.number(), key: z.string().nullish() };
const runMemoryAnswer = z.looseObject({
  used: z.array(z.looseObject(memoryOfRun)),
  written: z.array(z.looseObject({ ...memoryOfRun, outcome: z.string() })),
  refused: z.array(z.looseObject({ skill_run: z.string(), reason: z.string(), message: z.string() })),
});
export type RunMemoryAnswer = z.infer<typeof runMemoryAnswer>;

export const runAnswer = runSummaryAnswer.extend({
  waiting_since: z.string().nullish(),
  trigger: z.looseObject({ type: z.string(), payload: jsonObjectSchema.optional(), source: z.string().optional() }),
  supervisor: z.looseObject({ trigger_id: z.string(), reason: z.string(), runner_up: candidateAnswer.nullish() }).nullish(),
  result: executionResultAnswer.nullish(),
  memory: runMemoryAnswer.nullish(),
  trace_id: z.string().nullish(),
});
export type RunAnswer = z.infer<typeof runAnswer>;

export const runPageAnswer = pageOf(runSummaryAnswer);

/** The founding document's `agentEvent`. */
export const agentEventAnswer = z.looseObject({
  event_id: z.string(),
  type: z.string(),
  run_id: z.string(),
  sequence: z.number(),
  kind: z.string(),
  data: z.record(z.string(), jsonSchema),
  timestamp: z.string(),
});
export type AgentEventAnswer = z.infer<typeof agentEventAnswer>;
