import type { EmployeeGraph } from './employee-graph.ts';
import type { ExecutionResult, RunIntent } from './events.ts';
import type { Json, JsonObject } from './json.ts';
import type { MemoryAsk, MemoryWindow } from './memory.ts';
import type { ResumeDigests, ResumedSkill, RunResume } from './resume.ts';
import type { SkillGraph } from './skill-graph.ts';

/**
 * What runs are started with, told and asked. With `resume`, `burst`, `call` and the two files of activities it is what travels
 * between Agent-Core, the workflows and the activities; wire names are snake_case, since all of it stands in Temporal's
 * history, where operators read it. Workflows import this file: nothing here needs Node.
 */

/** What a run needs besides the founding event; resolved once, at the start. Its hash is bound into the ticket. */
export interface RunPlan {
  skill_graphs: { [id: string]: SkillGraph };
  /** Connection per provider, from the employee's grants. */
  connections: { [provider: string]: string };
  /** Facts of the capabilities in use that the engine needs, by qualified id. */
  capabilities: { [qualified: string]: { risk: 'read' | 'write' | 'destructive'; summary_parameter?: string } };
  budget: RunBudget;
  /** It only shows what it would do: nobody is asked, and it waits for no time to pass. Bound by the ticket, as the plan is. */
  rehearsal?: true;
  /** What was recalled for the run; absent where there was nothing. */
  memory?: MemoryWindow;
}

export interface RunBudget {
  /** Calls of the whole run, repeats not counted. */
  max_calls: number;
  /** Visits of skill nodes. */
  max_skill_visits: number;
}

/** Input of `employeeRun`. A worker needs nothing else. */
export interface EmployeeRunInput {
  intent: RunIntent;
  plan: RunPlan;
  /** The run ticket (JWS). Worthless without a worker's own token. */
  ticket: string;
  /** Of a retry: what the earlier runs of its chain had reached. Absent = begin at the beginning. */
  resume?: RunResume;
}

export type EmployeeRunResult = ExecutionResult;

/** Input of `skillRun` (child workflow or inline). */
export interface SkillRunInput {
  org_id: string;
  employee_id: string;
  employee_version: number;
  execution_id: string;
  run_id: string;
  /** First run of the chain of retries: call ids are built from it. */
  call_scope: string;
  /** The employee graph of which `node` is one: the ticket binds it. */
  graph_spec: EmployeeGraph;
  node: EmployeeGraph['nodes'][number];
  visit: number;
  input: JsonObject;
  trigger: RunIntent['trigger'];
  plan: RunPlan;
  ticket: string;
  /** Calls this skill may make. */
  max_calls: number;
  /** Of a retry: how far this visit had come, and the digests of all visits, which the ticket binds. */
  resume?: ResumedSkill;
  resume_digests?: ResumeDigests;
}

export interface SkillRunResult {
  output: Json;
  micro_agents: string[];
  capabilities_used: string[];
  calls_made: number;
  /** What the skill asked to be remembered, once it has ended well. */
  remembered?: MemoryAsk[];
}

/** Search attribute `WaitingOn`: a run that stands still names its reason here. */
export type WaitingOn =
  | `approval:${string}`
  | `receipt:${string}`
  | `provider:${string}`
  | 'timer'
  | 'connecthub'
  | 'agent-core'
  | 'model'
  /** People hold the run. */
  | 'paused'
  /** Too many calls of the organisation at once, or in the minute. */
  | 'quota'
  /** A skill that starts when another gives calls of the run's budget back. */
  | 'budget'
  /** So many more reasons, which the attribute has no room for. */
  | `more:${number}`;

/** Payload of the signal `progress`. */
export interface ProgressSignal {
  skill_run: string;
  progress: Omit<SkillRunResult, 'output' | 'remembered'>;
}

/** Payload of the signal `decision`: a pointer, never the decision itself. */
export interface DecisionSignal {
  decision_id: string;
  /** Ascending per run; a workflow ignores what is not higher than the last one it took. */
  seq: number;
}

/**
 * Most of what a run may hand on as one value, in bytes of JSON. Beyond 256 KiB a value travels by reference, since Temporal
 * terminates a workflow whose history holds one of 2 MB; a worker still has it in memory, several times over.
 */
export const MAX_PAYLOAD_BYTES = 8 * 1024 * 1024;

/** Temporal takes 400 bytes of a summary, of which the encryption of a payload needs some 200. */
const MAX_SUMMARY_BYTES = 160;

/** As much of a text as Temporal takes for a summary: what operators read beside a workflow, an activity or a timer. */
export function shortSummary(text: string): string {
  const sizes = new TextEncoder();
  let bytes = 0;
  let short = '';
  for (const sign of text) {
    bytes += sizes.encode(JSON.stringify(sign)).length - 2; // its quotes
    if (bytes > MAX_SUMMARY_BYTES) return `${short}…`;
    short += sign;
  }
  return short;
}

export const TASK_QUEUES = { workers: 'agent-workers', agentCore: 'agent-core' } as const;

export const DECISION_SIGNAL = 'decision';

/**
 * Payload as that of `decision`, from a run to its skill runs: a decision to pause or to resume. Its own signal, since it
 * may be overtaken by decisions that reach a skill run directly, with a higher `seq`.
 */
export const PAUSE_SIGNAL = 'pause';

/** From a cancelled skill run to its run: a workflow that ends as cancelled has no other way to tell what it had done. */
export const PROGRESS_SIGNAL = 'progress';
