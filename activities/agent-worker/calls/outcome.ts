import { z } from 'zod';
import { ERROR_CODES } from '../../../contracts/errors.ts';
import type { ErrorCode } from '../../../contracts/errors.ts';
import { parseCapability } from '../../../contracts/ids.ts';
import { jsonObjectSchema, jsonSchema } from '../../../contracts/json.ts';
import type { CallOutcome } from '../../../contracts/call.ts';
import type { WaitingOn } from '../../../contracts/run.ts';
import type { Answer } from './post-json.ts';

/** `away`: not an answer of ConnectHub about the call. `unauthenticated`: the employee's token was refused. */
export type Reading = CallOutcome | { kind: 'away' } | { kind: 'unauthenticated'; code: ErrorCode; message: string };

const successSchema = z.object({
  call_id: z.string(),
  status: z.literal('succeeded'),
  result: jsonSchema,
  provider_effect_id: z.string().optional(),
});
const problemSchema = z.object({
  code: z.enum(ERROR_CODES),
  detail: z.string().default(''),
  approval: z.unknown().optional(),
  stands: z.unknown().optional(),
});
const askSchema = z.object({
  digest: z.string(),
  capability: z.string(),
  capability_version: z.int(),
  connection_id: z.string(),
  account_name: z.string(),
  parameters: jsonObjectSchema,
  approvers: z.array(z.string()),
  timeout_seconds: z.int().min(1),
  on_timeout: z.enum(['reject', 'fail']),
  reason: z.string(),
});

const conflictSchema = z.object({ approval: askSchema, stands: jsonObjectSchema });

const DEFAULT_RETRY_AFTER_MS = 1_000;
/** The same call may be made again, after a while. */
const NOT_NOW: ReadonlySet<ErrorCode> = new Set([
  'call_in_flight',
  'call_settling',
  'calls_limited',
  'provider_rate_limited',
  'provider_unavailable',
  'run_paused',
]);
/** Without an answer about the call: the next attempt tells. */
const NOT_ABOUT_THE_CALL: ReadonlySet<ErrorCode> = new Set(['internal', 'dependency_unavailable', 'key_service_unavailable']);

/** What ConnectHub's answer means for a call: the one table, row by row in outcome.test.ts. */
export function readOutcome(call: { call_id: string; capability: string }, answer: Answer): Reading {
  if (answer.status === 200) return readSuccess(call.call_id, answer.body);
  const problem = problemSchema.safeParse(answer.body);
  if (!problem.success || NOT_ABOUT_THE_CALL.has(problem.data.code)) return { kind: 'away' };
  const { code, detail: message, approval, stands } = problem.data;
  if (answer.status === 401) return { kind: 'unauthenticated', code, message };
  const { call_id } = call;
  if (code === 'approval_required') return readAsk(call_id, approval, message);
  if (code === 'call_digest_conflict') return readConflict(call_id, { approval, stands }, message);
  if (code === 'outcome_unknown') return { kind: 'unknown', call_id, message };
  if (!NOT_NOW.has(code)) return { kind: 'refused', call_id, code, message };
  const retry_after_ms = answer.retryAfterMs ?? DEFAULT_RETRY_AFTER_MS;
  return { kind: 'wait', call_id, waiting_on: waitsOn(code, call.capability), retry_after_ms, code, message };
}

function readSuccess(callId: string, body: unknown): Reading {
  const success = successSchema.safeParse(body);
  if (!success.success || success.data.call_id !== callId) return { kind: 'away' };
  const { call_id, result, provider_effect_id } = success.data;
  return { kind: 'succeeded', call_id, result, ...(provider_effect_id !== undefined && { provider_effect_id }) };
}

function readAsk(call_id: string, approval: unknown, message: string): CallOutcome {
  const ask = askSchema.safeParse(approval);
  if (!ask.success) return { kind: 'refused', call_id, code: 'approval_required', message };
  return { kind: 'approval_required', call_id, ask: ask.data };
}

/** Without a question it is final: people have said no, or nothing that stands could be this call's result. */
function readConflict(call_id: string, question: object, message: string): CallOutcome {
  const conflict = conflictSchema.safeParse(question);
  if (!conflict.success) return { kind: 'refused', call_id, code: 'call_digest_conflict', message };
  const { approval, stands } = conflict.data;
  return { kind: 'conflict', call_id, ask: approval, stands, message };
}

function waitsOn(code: ErrorCode, capability: string): WaitingOn {
  if (code === 'call_in_flight') return 'connecthub';
  if (code === 'calls_limited') return 'quota';
  if (code === 'run_paused') return 'paused';
  return `provider:${parseCapability(capability)?.provider ?? capability}`;
}
