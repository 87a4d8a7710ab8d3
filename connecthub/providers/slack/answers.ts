import { z } from 'zod';
import { jsonObjectSchema } from '../../../contracts/json.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiResult, HttpAnswer, Refusal } from '../definition.ts';
import { safeReason } from '../refusal.ts';

/** The grant is gone: only a person can connect again. https://docs.slack.dev/reference/methods/auth.test#errors */
const DEAD_GRANT = new Set(['invalid_auth', 'token_revoked', 'account_inactive', 'not_authed', 'invalid_refresh_token']);
const RATE_LIMITED = new Set(['ratelimited', 'rate_limited']);
/** Slack says of these that "it's possible some aspect of the operation succeeded before the error was raised". */
const UNCERTAIN = new Set(['internal_error', 'fatal_error', 'service_unavailable', 'request_timeout']);
/** Nothing but other parameters would change the answer. */
const PERMANENT = new Set([
  'no_text',
  'msg_too_long',
  'invalid_arguments',
  'invalid_arg_name',
  'invalid_name',
  'invalid_cursor',
  'invalid_metadata_format',
  'cannot_dm_bot',
  'too_many_emoji',
]);

/** Words of something in between that has stopped waiting: behind it the request may still be at work. */
const STOPPED_WAITING = new Set([408, 502, 504]);

/** Where Slack limits without saying how long: its tiers count per minute. */
const DEFAULT_RETRY_AFTER_MS = 30_000;

const failureSchema = z.looseObject({ ok: z.literal(false), error: z.string() });

/** What an HTTP answer of Slack's Web API means; failures arrive at HTTP 200 as `ok: false` and a word. */
export function readSlackAnswer(answer: HttpAnswer): ApiResult {
  if (answer.status === 429) return rateLimited(answer.headers['retry-after'], 'ratelimited');
  if (answer.status >= 500 || answer.status < 200 || (answer.status >= 300 && answer.status < 400)) {
    return uncertainStatus(answer.status);
  }
  const body = parseObject(answer.body);
  const failure = failureSchema.safeParse(body);
  if (failure.success) return readFailure(failure.data, answer.headers['retry-after']);
  if (answer.status === 408) return uncertainStatus(answer.status);
  if (answer.status >= 400)
    return { kind: 'refused', code: 'provider_refused', reason: `http_${answer.status}`, retryable: true };
  return body?.['ok'] === true ? { kind: 'ok', body } : { kind: 'uncertain', reason: 'unreadable_answer', isOver: true };
}

function uncertainStatus(status: number): ApiResult {
  return { kind: 'uncertain', reason: `http_${status}`, isOver: !STOPPED_WAITING.has(status) };
}

function readFailure(failure: { error: string }, retryAfter: string | undefined): ApiResult {
  const reason = safeReason(failure.error);
  if (RATE_LIMITED.has(reason)) return rateLimited(retryAfter, reason);
  if (UNCERTAIN.has(reason)) return { kind: 'uncertain', reason, isOver: true };
  return { kind: 'refused', ...readRefusal(reason) };
}

/** A word of Slack that says that nothing was done. */
export function readRefusal(reason: string): Refusal {
  if (reason === 'token_expired')
    return { code: 'provider_unavailable', reason, retryable: true, retryAfterMs: 1_000, grant: 'expired' };
  if (DEAD_GRANT.has(reason)) return { code: 'connection_needs_reauth', reason, retryable: true, grant: 'dead' };
  if (reason === 'missing_scope') return { code: 'scope_missing', reason, retryable: true };
  return { code: 'provider_refused', reason, retryable: !PERMANENT.has(reason) };
}

function rateLimited(retryAfter: string | undefined, reason: string): ApiResult {
  const seconds = /^\d{1,5}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  const retryAfterMs = seconds === undefined ? DEFAULT_RETRY_AFTER_MS : Math.max(1, seconds) * 1_000;
  return { kind: 'refused', code: 'provider_rate_limited', reason, retryable: true, retryAfterMs };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return jsonObjectSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
