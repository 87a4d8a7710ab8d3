import { z } from 'zod';
import { jsonObjectSchema } from '../../../contracts/json.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiResult, HttpAnswer } from '../definition.ts';
import { safeReason } from '../refusal.ts';

/**
 * Limits that arrive as 403. https://developers.google.com/workspace/gmail/api/guides/handle-errors,
 * https://developers.google.com/workspace/calendar/api/guides/errors
 */
const RATE_LIMITED = new Set([
  'rate_limit_exceeded',
  'user_rate_limit_exceeded',
  'daily_limit_exceeded',
  'quota_exceeded',
  'calendar_usage_limits_exceeded',
  'concurrent_limit_exceeded',
]);
const NO_SCOPE = new Set(['insufficient_permissions', 'access_token_scope_insufficient', 'insufficient_scope']);
/** Words of something in between that has stopped waiting: behind it the request may still be at work. */
const STOPPED_WAITING = new Set([408, 502, 504]);
/** Nothing but other parameters would change the answer. */
const FINAL = new Set([400, 404, 410, 412, 413]);
/** Quotas are counted by the minute. https://developers.google.com/workspace/gmail/api/reference/quota */
const DEFAULT_RETRY_AFTER_MS = 60_000;

const failureSchema = z.looseObject({
  error: z.looseObject({
    status: z.string().optional(),
    errors: z.array(z.looseObject({ reason: z.string().optional() })).optional(),
    details: z.array(z.looseObject({ reason: z.string().optional() })).optional(),
  }),
});

/** What an HTTP answer of one of Google's APIs means. */
export function readGoogleAnswer({ status, headers, body: text }: HttpAnswer): ApiResult {
  if (status === 429) return rateLimited(headers['retry-after'], 'rate_limit_exceeded');
  if (status >= 200 && status < 300) return readSuccess(text);
  if (status < 400 || status === 408 || status >= 500) {
    return { kind: 'uncertain', reason: `http_${status}`, isOver: !STOPPED_WAITING.has(status) };
  }
  const reasons = readReasons(text);
  if (status === 401) {
    const reason = reasons[0] ?? 'auth_error';
    return {
      kind: 'refused',
      code: 'provider_unavailable',
      reason,
      retryable: true,
      retryAfterMs: 1_000,
      grant: 'expired',
    };
  }
  const limit = reasons.find((reason) => RATE_LIMITED.has(reason));
  if (status === 403 && limit !== undefined) return rateLimited(headers['retry-after'], limit);
  const scope = reasons.find((reason) => NO_SCOPE.has(reason));
  if (status === 403 && scope !== undefined) return { kind: 'refused', code: 'scope_missing', reason: scope, retryable: true };
  return { kind: 'refused', code: 'provider_refused', reason: reasons[0] ?? `http_${status}`, retryable: !FINAL.has(status) };
}

function readSuccess(text: string): ApiResult {
  const body = parseObject(text);
  // Every answer that we ask for is an object; one in the shape of a failure is none of Google's.
  if (body === undefined || failureSchema.safeParse(body).success) {
    return { kind: 'uncertain', reason: 'unreadable_answer', isOver: true };
  }
  return { kind: 'ok', body };
}

/** Google says why in up to three places: the old list of errors, the new details, and the status. */
function readReasons(text: string): string[] {
  const failure = failureSchema.safeParse(parseObject(text));
  if (!failure.success) return [];
  const { errors = [], details = [], status } = failure.data.error;
  const words = [...errors, ...details].flatMap(({ reason }) => (reason === undefined ? [] : [reason]));
  return [...words, ...(status === undefined ? [] : [status])].map((word) => safeReason(snakeCase(word)));
}

/** `userRateLimitExceeded` and `RESOURCE_EXHAUSTED` in the form of our reasons. */
function snakeCase(word: string): string {
  return word.replace(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
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
