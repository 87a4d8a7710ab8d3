import type { EmployeeGraph } from './employee-graph.ts';
import type { ErrorCode } from './errors.ts';
import type { ExecutionResult, RunIntent } from './events.ts';
import type { ItemPart } from './ids.ts';
import type { Json, JsonObject } from './json.ts';
import type { MemoryAsk, MemoryWindow } from './memory.ts';
import type { PreparedRun, ScheduledRunInput } from './schedule.ts';
import type { SkillGraph } from './skill-graph.ts';
import type { ConsolidateMemoryInput, ConsolidateMemoryResult } from './system-workflows.ts';

/**
 * What travels between Agent-Core, the workflows and the activities. Types only: workflows import this file.
 * Wire names are snake_case, since all of it stands in Temporal's history, where operators read it.
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

/** What a retry goes on from. The ticket binds it by its digests, so that nobody slips in requests of their own. */
export interface RunResume {
  /** By skill visit: the node, and `~{k}` for its k-th visit. */
  skills: { [visit: string]: ResumedSkill };
  digests: ResumeDigests;
}
/** SHA-256 (hex) of each of `skills` (contracts/digest.ts). */
export interface ResumeDigests {
  [visit: string]: string;
}

/** How far a visit of a skill had come. */
export interface ResumedSkill {
  /** It had finished: its result is taken. */
  result?: SkillRunResult;
  /** Which of its ways out with a condition were taken, if that had been decided. */
  ways?: { [edge: string]: boolean };
  /** Its burst threads, by their place under the skill run: the empty text, or `:item:{path}:{index}`. */
  threads: { [place: string]: ResumedThread };
  micro_agents: string[];
  capabilities_used: string[];
  /** Calls of the bursts before the last one of each thread; those of the last one are asked for again. */
  calls_made: number;
  /** What graphs that had ended asked to be remembered. */
  remembered?: MemoryAsk[];
}
export interface ResumedThread {
  /** Requests numbered so far. */
  count: number;
  /** The last recorded burst; absent for an item of a `foreach` that is over. */
  last?: ResumedBurst;
}
export type ResumedBurst =
  | { kind: 'done'; output: Json; count: number }
  | { kind: 'waiting'; requests: BurstRequest[]; checkpoint: BurstCheckpoint };

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

// --- bursts -----------------------------------------------------------------------------------------------------

/** What a burst asks of the world. `id` is unique in the burst thread and stable under repetition: `path#n`. */
export type BurstRequest =
  | {
      id: string;
      kind: 'call';
      path: string;
      n: number;
      capability: string;
      parameters: JsonObject;
      /** The node's word on a no that stands; absent = the skill fails. */
      on_refused?: 'fail' | 'continue';
    }
  | { id: string; kind: 'approval'; path: string; n: number; question: string; details: Json; timeout_seconds: number }
  | { id: string; kind: 'wait'; path: string; n: number; seconds: number }
  /** A model asked for a tool that its skill does not declare: nothing is called, and it is put on record. */
  | { id: string; kind: 'refusal'; path: string; n: number; tool: string; reason: string }
  | {
      id: string;
      kind: 'foreach';
      path: string;
      n: number;
      body: string;
      items: Json[];
      inputs: JsonObject[];
      max_parallel: number;
    };

/** Plain-JSON checkpoint of a burst thread. `graph_hash` must be that of the graph it is resumed with. */
export interface BurstCheckpoint {
  graph_hash: string;
  /** Requests numbered so far in this thread. */
  count: number;
  state: Json;
}

/** Which burst thread of which skill run: the skill's own (`items` empty) or that of a foreach item. */
export interface BurstThread {
  skill_run: string;
  items: ItemPart[];
}

export interface BurstInput {
  thread: BurstThread;
  graph: SkillGraph;
  /** Nested graphs and foreach bodies by id. */
  graphs: { [id: string]: SkillGraph };
  input: JsonObject;
  trigger: RunIntent['trigger'];
  /** Set in the body of a foreach. */
  item?: { value: Json; index: number };
  /** What the skill may see of the run's memory. */
  memory?: MemoryWindow;
  /** ISO instant of the workflow: the only clock an expression sees. */
  now: string;
  /** Requests numbered by earlier visits of this thread: numbering goes on from here when there is no checkpoint. */
  count: number;
  checkpoint?: BurstCheckpoint;
  /** What the world answered to every request of the checkpoint, by request id. */
  answers?: { [requestId: string]: Json };
}

/**
 * Self-describing, since a local activity's input does not stand in history. `micro_agents` are the paths that finished in this
 * burst, `remembered` what graphs that ended in it asked to be remembered.
 */
export type BurstResult = { thread: BurstThread; micro_agents: string[]; remembered?: MemoryAsk[] } & (
  | { kind: 'done'; output: Json; count: number }
  | { kind: 'waiting'; requests: BurstRequest[]; checkpoint: BurstCheckpoint }
  /** A model did not answer: the same burst is repeated later. */
  | { kind: 'unavailable'; waiting_on: 'model'; retry_after_ms: number; message: string }
  | { kind: 'failed'; code: ErrorCode; message: string; path: string }
);

export interface EvaluateEdgesInput {
  edges: { id: string; when: string }[];
  scope: JsonObject;
  /** Skill inputs (templates) to be resolved in the same hop, by node id. */
  inputs: { [node: string]: JsonObject };
}
export interface EvaluateEdgesResult {
  taken: { [edgeId: string]: boolean };
  inputs: { [node: string]: JsonObject };
}

/** What a workflow was started with, as far as the ticket binds it. `node` and `parent` are those of a skill run. */
export interface CheckPlanInput {
  ticket: string;
  graph_spec: EmployeeGraph;
  plan: RunPlan;
  node?: EmployeeGraph['nodes'][number];
  /** Workflow id of the parent, as Temporal says. */
  parent?: string;
  resume_digests?: ResumeDigests;
  /** What must have these digests: of a run all its visits, of a skill run its own. */
  resume?: { [visit: string]: ResumedSkill };
}

/** A local activity that comes first in its workflow checks the workflow's plan on its way: a hop less. */
export interface FirstOfWorkflow {
  own?: CheckPlanInput;
}

/** What workflows may ask of the workers' queue. Expected failures are `ApplicationFailure`s with the code as type. */
export interface WorkerActivities {
  checkPlan(input: CheckPlanInput): Promise<void>;
  runSkillBurst(input: BurstInput & FirstOfWorkflow): Promise<BurstResult>;
  evaluateEdges(input: EvaluateEdgesInput & FirstOfWorkflow): Promise<EvaluateEdgesResult>;
  callCapability(input: CallCapabilityInput): Promise<CallOutcome>;
}

// --- calls ------------------------------------------------------------------------------------------------------

export interface CallCapabilityInput {
  call_id: string;
  /** Qualified: `slack/slack.post`. */
  capability: string;
  connection_id: string;
  parameters: JsonObject;
  run_id: string;
  ticket: string;
}

/** What exactly a person is asked to approve; also what the digest is computed over (contracts/digest.ts). */
export interface ApprovalAsk {
  digest: string;
  capability: string;
  capability_version: number;
  connection_id: string;
  account_name: string;
  parameters: JsonObject;
  approvers: string[];
  timeout_seconds: number;
  on_timeout: 'reject' | 'fail';
  /** The rule's reason: why a person is asked. */
  reason: string;
}

export type CallOutcome =
  | { kind: 'succeeded'; call_id: string; result: Json; provider_effect_id?: string }
  | { kind: 'approval_required'; call_id: string; ask: ApprovalAsk }
  /** The id has made an effect with other parameters, which stands: people say whether that is this call's result. */
  | { kind: 'conflict'; call_id: string; ask: ApprovalAsk; stands: JsonObject; message: string }
  /** Not now: rate limit, lease held by another copy, settling, provider down before anything was sent. */
  | { kind: 'wait'; call_id: string; waiting_on: WaitingOn; retry_after_ms: number; code: ErrorCode; message: string }
  /** Nobody can tell whether it happened: a person must answer (`/receipts/{callId}/resolve`). */
  | { kind: 'unknown'; call_id: string; message: string }
  /** Final: the skill fails with this code. */
  | { kind: 'refused'; call_id: string; code: ErrorCode; message: string };

/** 200 body of `POST /proxy/{provider}/{capability}`. */
export interface ProxySuccess {
  call_id: string;
  status: 'succeeded';
  result: Json;
  provider_effect_id?: string;
  /** True when an earlier attempt had made the effect and this answer is its stored result. */
  replayed: boolean;
  /** In a rehearsal: it was not made, and what stands here is what it might have been answered. */
  rehearsed?: true;
}

// --- agent-core activities (task queue `agent-core`) ---------------------------------------------------------------

export interface RequestApprovalInput {
  ticket: string;
  run_id: string;
  /** The workflow that waits and is signalled. */
  workflow_id: string;
  /** Makes the activity idempotent: the call id, or skill run and request id for a question. */
  request_key: string;
  question: string;
  details: Json;
  timeout_seconds: number;
  on_timeout: 'reject' | 'fail';
  approvers: string[];
  /** Present when a call asks; absent for an `approval` node. `stands`: what the call id has done with other parameters. */
  call?: { call_id: string; ask: ApprovalAsk; stands?: JsonObject };
}
export interface RequestApprovalResult {
  approval_id: string;
  expires_at: string;
  /** Already decided (a repeat after a crash): no need to wait. */
  status: ApprovalStatus;
  /** What was approved instead of what was asked for. */
  parameters?: JsonObject;
}
export type ApprovalStatus = 'pending' | 'approved' | 'rejected' | 'expired' | 'cancelled';

export interface ReadDecisionInput {
  ticket: string;
  run_id: string;
  decision_id: string;
}
/** The decision as Agent-Core recorded it; the signal that announced it grants nothing. */
export type Decision =
  | {
      kind: 'approval';
      decision_id: string;
      seq: number;
      approval_id: string;
      status: ApprovalStatus;
      decided_by?: string;
      reason?: string;
      /** What was approved instead of what was asked for. */
      parameters?: JsonObject;
    }
  | { kind: 'receipt_resolved'; decision_id: string; seq: number; call_id: string; resolution: 'happened' | 'did_not_happen' }
  | { kind: 'cancel'; decision_id: string; seq: number; reason?: string }
  | { kind: 'pause' | 'resume'; decision_id: string; seq: number; decided_by: string; reason?: string };

/** Closes an approval nobody answered; answers what it became (a person may have been faster). */
export interface ExpireApprovalInput {
  ticket: string;
  run_id: string;
  approval_id: string;
}
export interface ExpireApprovalResult {
  status: ApprovalStatus;
  decided_by?: string;
  reason?: string;
  parameters?: JsonObject;
}

/** Notes that people were reminded of an approval; answers what it became, as `expireApproval` does. */
export interface RemindApprovalInput extends ExpireApprovalInput {
  /** From 1: a repetition of the activity reminds once. */
  number: number;
}

export interface RecordRefusalInput {
  ticket: string;
  run_id: string;
  /** Execution that asked, inline skills included. */
  skill_run: string;
  /** Micro-agent. */
  path: string;
  /** What the model called it. */
  tool: string;
  reason: string;
}

export interface RecordRunResultInput {
  ticket: string;
  workflow_id: string;
  temporal_run_id: string;
  result: ExecutionResult;
  /** What the skills that ended well asked to be remembered. */
  remembered?: RememberedBySkill[];
}

/** `skill_run` says which visit of which node asked. */
export type RememberedBySkill = MemoryAsk & { skill_run: string };

/** What workflows may ask of Agent-Core's queue. Expected failures are `ApplicationFailure`s with the code as type. */
export interface AgentCoreActivities {
  requestApproval(input: RequestApprovalInput): Promise<RequestApprovalResult>;
  readDecision(input: ReadDecisionInput): Promise<Decision>;
  expireApproval(input: ExpireApprovalInput): Promise<ExpireApprovalResult>;
  remindApproval(input: RemindApprovalInput): Promise<ExpireApprovalResult>;
  /** Puts an attempt of a model on record; twice where the first time's answer was lost. */
  recordRefusal(input: RecordRefusalInput): Promise<void>;
  recordRunResult(input: RecordRunResultInput): Promise<void>;
  /** Has no ticket: it makes the one of a schedule's run, for a workflow that the schedule itself started. */
  prepareScheduledRun(input: ScheduledRunInput): Promise<PreparedRun>;
  /** Wants no ticket either: it does what is due, of no organisation in particular. */
  consolidateMemory(input: ConsolidateMemoryInput): Promise<ConsolidateMemoryResult>;
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
