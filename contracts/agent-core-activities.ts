import type { ApprovalAsk } from './call.ts';
import type { ExecutionResult } from './events.ts';
import type { Json, JsonObject } from './json.ts';
import type { MemoryAsk } from './memory.ts';
import type { PreparedRun, ScheduledRunInput } from './schedule.ts';
import type { ConsolidateMemoryInput, ConsolidateMemoryResult } from './system-workflows.ts';

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
