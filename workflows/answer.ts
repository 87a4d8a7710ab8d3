import { log } from '@temporalio/workflow';
import type { JsonObject } from '../contracts/json.ts';
import type { ApprovalStatus, ExpireApprovalResult } from '../contracts/agent-core-activities.ts';
import { askAgentCore } from './agent-core.ts';
import { RunFailure } from './failures.ts';
import type { Skill } from './skill.ts';

export interface Verdict {
  status: Exclude<ApprovalStatus, 'pending'>;
  by?: string;
  reason?: string;
  /** What was approved instead of what was asked for. */
  parameters?: JsonObject;
}

/** When people are reminded, as parts of the time they have. */
const REMINDERS = [1 / 2, 9 / 10];
const CLOCK_STEP_MS = 5_000;

export interface Question {
  approvalId: string;
  /** What is asked about, in few words. */
  about: string;
  expiresAtMs: number;
}

/** Waits for people's answer, reminds them of it, and closes the question when its time is over. */
export async function answerTo(skill: Skill, question: Question): Promise<Verdict> {
  const { approvalId, expiresAtMs } = question;
  const askedAtMs = Date.now();
  const leftMs = Math.max(expiresAtMs - askedAtMs, 1);
  for (const [index, part] of REMINDERS.entries()) {
    const seen = await answerWithin(skill, question, askedAtMs + leftMs * part - Date.now());
    const answered = toVerdict(seen ?? (await remind(skill, approvalId, index + 1)));
    if (answered) return answered;
  }
  for (let waitMs = expiresAtMs - Date.now(); ; waitMs = CLOCK_STEP_MS) {
    const seen = await answerWithin(skill, question, waitMs);
    const answered = toVerdict(seen ?? (await expire(skill, approvalId)));
    if (answered) return answered;
    // The database's clock decides, and it was behind ours.
  }
}

function answerWithin(skill: Skill, { approvalId, about }: Question, ms: number): Promise<ExpireApprovalResult | undefined> {
  return skill.standing.run(() => skill.decisions.approval(approvalId, Math.max(Math.round(ms), 1), about));
}

/** A reminder that cannot be given is no reason to end the run. */
async function remind(skill: Skill, approvalId: string, number: number): Promise<ExpireApprovalResult | undefined> {
  const input = { ...about(skill, approvalId), number };
  try {
    return await skill.standing.run(() => askAgentCore(skill.waiting, 'remindApproval', input, `reminder ${number}`));
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    log.warn('people could not be reminded of an approval', { code: error.code });
    return undefined;
  }
}

function expire(skill: Skill, approvalId: string): Promise<ExpireApprovalResult> {
  return askAgentCore(skill.waiting, 'expireApproval', about(skill, approvalId), 'approval expired');
}

function about(skill: Skill, approval_id: string) {
  const { ticket, run_id } = skill.input;
  return { ticket, run_id, approval_id };
}

function toVerdict(seen: ExpireApprovalResult | undefined): Verdict | undefined {
  if (!seen || seen.status === 'pending') return undefined;
  const { status, decided_by, reason, parameters } = seen;
  return {
    status,
    ...(decided_by && { by: decided_by }),
    ...(reason && { reason }),
    ...(parameters && { parameters }),
  };
}
