import { workflowInfo } from '@temporalio/workflow';
import type { RequestApprovalInput } from '../contracts/agent-core-activities.ts';
import type { BurstRequest } from '../contracts/burst.ts';
import type { CallOutcome } from '../contracts/call.ts';
import { askAgentCore } from './agent-core.ts';
import { answerTo } from './answer.ts';
import { subjectOf, summaryOf } from './call-summary.ts';
import type { Verdict } from './answer.ts';
import { assertGoingOn } from './skill.ts';
import type { Skill } from './skill.ts';

type ApprovalRequest = Extract<BurstRequest, { kind: 'approval' }>;
type Asked = Extract<CallOutcome, { kind: 'approval_required' }>;
type Conflict = Extract<CallOutcome, { kind: 'conflict' }>;

/** Asks people about exactly the call that ConnectHub refused for want of an approval. */
export function askAboutCall(skill: Skill, { call_id, ask }: Asked): Promise<Verdict> {
  return askPeople(skill, summaryOf(skill, ask), {
    request_key: call_id,
    question: `May ${named(skill, ask)} run on ${ask.account_name}?`,
    details: { reason: ask.reason, parameters: ask.parameters },
    timeout_seconds: ask.timeout_seconds,
    on_timeout: ask.on_timeout,
    approvers: ask.approvers,
    call: { call_id, ask },
  });
}

/** Asks people whether what the call has done already, with other parameters, is its result: it is not done twice. */
export function askAboutStanding(skill: Skill, { call_id, ask, stands }: Conflict): Promise<Verdict> {
  return askPeople(skill, summaryOf(skill, ask), {
    request_key: `${call_id}:stands`,
    question: `${named(skill, ask)} has run on ${ask.account_name} in this step already, otherwise than asked for now. Is that its result?`,
    details: { reason: ask.reason, stands, parameters: ask.parameters },
    timeout_seconds: ask.timeout_seconds,
    on_timeout: ask.on_timeout,
    approvers: ask.approvers,
    call: { call_id, ask, stands },
  });
}

/** `gmail/email.send (ada@example.com)`: what tells one question from the next. */
function named(skill: Skill, ask: Asked['ask']): string {
  const subject = subjectOf(skill, ask);
  return subject === undefined ? ask.capability : `${ask.capability} (${subject})`;
}

/** Asks the question of an `approval` node. */
export function askQuestion(skill: Skill, threadId: string, request: ApprovalRequest): Promise<Verdict> {
  return askPeople(skill, request.question, {
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
  about: string,
  question: Omit<RequestApprovalInput, 'ticket' | 'run_id' | 'workflow_id'>,
): Promise<Verdict> {
  assertGoingOn(skill);
  const { ticket, run_id } = skill.input;
  const input = { ...question, ticket, run_id, workflow_id: workflowInfo().workflowId };
  const asked = await askAgentCore(skill.waiting, 'requestApproval', input, question.question);
  const { approval_id, expires_at, status, parameters } = asked;
  if (status !== 'pending') return { status, ...(parameters && { parameters }) };
  const asking = { approvalId: approval_id, about, expiresAtMs: Date.parse(expires_at) };
  return skill.waiting.during(`approval:${approval_id}`, () => answerTo(skill, asking));
}
