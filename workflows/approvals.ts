import { workflowInfo } from '@temporalio/workflow';
import type { ApprovalStatus, BurstRequest, CallOutcome, ExpireApprovalResult, RequestApprovalInput } from '../contracts/run.ts';
import { askAgentCore } from './agent-core.ts';
import { assertGoingOn } from './skill.ts';
import type { Skill } from './skill.ts';

export interface Verdict {
  status: Exclude<ApprovalStatus, 'pending'>;
  by?: string;
  reason?: string;
}

type ApprovalRequest = Extract<BurstRequest, { kind: 'approval' }>;
type Asked = Extract<CallOutcome, { kind: 'approval_required' }>;

/** Asks people about exactly the call that ConnectHub refused for want of an approval. */
export function askAboutCall(skill: Skill, { call_id, ask }: Asked): Promise<Verdict> {
  return askPeople(skill, {
    request_key: call_id,
    question: `May ${ask.capability} run on ${ask.account_name}?`,
    details: { reason: ask.reason, parameters: ask.parameters },
    timeout_seconds: ask.timeout_seconds,
    on_timeout: ask.on_timeout,
    approvers: ask.approvers,
    call: { call_id, ask },
  });
}

/** Asks the question of an `approval` node. */
export function askQuestion(skill: Skill, threadId: string, request: ApprovalRequest): Promise<Verdict> {
  return askPeople(skill, {
    request_key: `${threadId}:${request.id}`,
    question: request.question,
    details: request.details,
    timeout_seconds: request.timeout_seconds,
    on_timeout: 'reject',
    approvers: [],
  });
}

async function askPeople(
  skill: Skill,
  question: Omit<RequestApprovalInput, 'ticket' | 'run_id' | 'workflow_id'>,
): Promise<Verdict> {
  assertGoingOn(skill);
  const { ticket, run_id } = skill.input;
  const input = { ...question, ticket, run_id, workflow_id: workflowInfo().workflowId };
  const { approval_id, expires_at, status } = await askAgentCore(skill.waiting, 'requestApproval', input, question.question);
  if (status !== 'pending') return { status };
  return skill.waiting.during(`approval:${approval_id}`, () => answerTo(skill, approval_id, Date.parse(expires_at)));
}

async function answerTo(skill: Skill, approvalId: string, expiresAtMs: number): Promise<Verdict> {
  const { ticket, run_id } = skill.input;
  let leftMs = expiresAtMs - Date.now();
  for (;;) {
    const decision = await skill.standing.run(() => skill.decisions.approval(approvalId, Math.max(leftMs, 1)));
    const seen: ExpireApprovalResult =
      decision ??
      (await askAgentCore(skill.waiting, 'expireApproval', { ticket, run_id, approval_id: approvalId }, 'approval expired'));
    if (seen.status !== 'pending') {
      return {
        status: seen.status,
        ...(seen.decided_by && { by: seen.decided_by }),
        ...(seen.reason && { reason: seen.reason }),
      };
    }
    // The database's clock decides, and it was behind ours.
    leftMs = CLOCK_STEP_MS;
  }
}

const CLOCK_STEP_MS = 5_000;
