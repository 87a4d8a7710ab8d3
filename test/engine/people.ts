import type { JsonObject } from '../../contracts/json.ts';
import type { ApprovalAsk } from '../../contracts/call.ts';
import { waitFor } from './ends.ts';
import type { Engine } from './engine.ts';
import { problem } from './fake-services.ts';
import type { FakeAnswer, Hub, SeenCall } from './fake-services.ts';
import type { AskedApproval } from './fake-agent-core.ts';

/** What ConnectHub asks about a call. */
export function askFor({ callId, capability, parameters }: SeenCall, more: Partial<ApprovalAsk> = {}): ApprovalAsk {
  return {
    digest: `digest of ${callId} ${JSON.stringify(parameters)}`,
    capability,
    capability_version: 1,
    connection_id: 'conn_slack',
    account_name: 'Acme',
    parameters,
    approvers: [],
    timeout_seconds: 3_600,
    on_timeout: 'reject',
    reason: 'writes need approval',
    ...more,
  };
}

/** ConnectHub wants a person's word on the call. */
export function wantsApproval(more: Partial<ApprovalAsk> = {}): Hub {
  return (seen) => problem(403, 'approval_required', { approval: askFor(seen, more) });
}

/** Other parameters than those whose effect stands. */
export function wantsToCompare(stands: JsonObject): Hub {
  return (seen) => problem(409, 'call_digest_conflict', { approval: askFor(seen), stands, receipt: stands });
}

/** Answers the n-th attempt of each call with the n-th of `answers`, and the last one from then on. */
export function inTurn(...answers: Hub[]): Hub {
  return (seen): FakeAnswer => answers[Math.min(seen.attempt, answers.length) - 1]!(seen);
}

/** The first `count` questions of a run, once they are put. */
export async function asked(engine: Engine, runId: string, count = 1): Promise<AskedApproval[]> {
  await waitFor(async () => engine.core.approvalsOf(runId).length >= count);
  return engine.core.approvalsOf(runId);
}

export interface Word {
  status: 'approved' | 'rejected';
  reason?: string;
  parameters?: JsonObject;
}

/** Records somebody's answer and signals the workflow that waits. */
export async function answer(engine: Engine, { approvalId, input }: AskedApproval, word: Word): Promise<void> {
  const signal = engine.core.decide((about) => ({
    ...about,
    kind: 'approval',
    approval_id: approvalId,
    decided_by: 'user_1',
    ...word,
  }));
  await engine.client.workflow.getHandle(input.workflow_id).signal('decision', signal);
}
