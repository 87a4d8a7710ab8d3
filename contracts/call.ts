import type { ErrorCode } from './errors.ts';
import type { Json, JsonObject } from './json.ts';
import type { WaitingOn } from './run.ts';

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
