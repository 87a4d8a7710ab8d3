import { draft } from './draft.ts';
import type { Draft } from './draft.ts';
import type { Level } from './workflow-drafts.ts';
import {
  approvalSchema,
  askedSchema,
  callSchema,
  decisionSchema,
  expireInputSchema,
  expiredSchema,
  outcomeSchema,
  refusalSchema,
} from './shapes.ts';

/** An activity that was scheduled, once per call id: repeats after a wait or an approval are the same call. */
export function scheduledDrafts(type: string, input: unknown, knownCalls: Set<string>): Draft[] {
  if (type === 'recordRefusal') return refusalDrafts(input);
  if (type !== 'callCapability') return [];
  const call = callSchema.safeParse(input);
  if (!call.success || knownCalls.has(call.data.call_id)) return [];
  knownCalls.add(call.data.call_id);
  return [draft('call.requested', call.data)];
}

/** A tool that a model asked for and its skill does not declare: nothing was called. */
function refusalDrafts(input: unknown): Draft[] {
  const refusal = refusalSchema.safeParse(input);
  if (!refusal.success) return [];
  const { reason: message, ...about } = refusal.data;
  return [draft('call.refused', { ...about, code: 'permission_missing', message })];
}

/** What came of an activity other than a burst. */
export function completedDrafts(level: Level, type: string, input: unknown, result: unknown): Draft[] {
  switch (type) {
    case 'callCapability':
      return outcomeDrafts(input, result);
    case 'requestApproval':
      return approvalDrafts(input, result);
    case 'expireApproval':
    case 'remindApproval':
      return expiryDrafts(input, result);
    case 'readDecision':
      return decisionDrafts(level, result);
    default:
      return [];
  }
}

function outcomeDrafts(input: unknown, result: unknown): Draft[] {
  const outcome = outcomeSchema.safeParse(result);
  if (!outcome.success) return [];
  const { kind, call_id, code, message, provider_effect_id, result: value } = outcome.data;
  const capability = callSchema.safeParse(input).data?.capability;
  if (kind === 'succeeded') return [draft('call.succeeded', { call_id, capability, result: value, provider_effect_id })];
  if (kind === 'refused') return [draft('call.refused', { call_id, capability, code, message })];
  if (kind === 'unknown') return [draft('call.maybe', { call_id, capability, message })];
  return [];
}

function approvalDrafts(input: unknown, result: unknown): Draft[] {
  const asked = askedSchema.safeParse(input);
  const approval = approvalSchema.safeParse(result);
  if (!asked.success || !approval.success) return [];
  const { approval_id, expires_at, status, parameters } = approval.data;
  const { question, details, call } = asked.data;
  const requested = draft('approval.requested', {
    approval_id,
    expires_at,
    question,
    details,
    call_id: call?.call_id,
    capability: call?.ask.capability,
    reason: call?.ask.reason,
  });
  return status === 'pending' ? [requested] : [requested, draft('approval.decided', { approval_id, status, parameters })];
}

function expiryDrafts(input: unknown, result: unknown): Draft[] {
  const about = expireInputSchema.safeParse(input);
  const expired = expiredSchema.safeParse(result);
  if (!about.success || !expired.success || expired.data.status === 'pending') return [];
  return [draft('approval.decided', { ...about.data, ...expired.data })];
}

/** A run is paused as a whole: its skill runs only read the decision again. */
function decisionDrafts(level: Level, result: unknown): Draft[] {
  const decision = decisionSchema.safeParse(result);
  if (!decision.success) return [];
  const { kind, ...about } = decision.data;
  if (kind === 'pause' || kind === 'resume') {
    return level === 'run' ? [draft(kind === 'pause' ? 'run.paused' : 'run.resumed', about)] : [];
  }
  if (kind === 'approval') return [draft('approval.decided', about)];
  return kind === 'receipt_resolved' ? [draft('call.resolved', about)] : [];
}
