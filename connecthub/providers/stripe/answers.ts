import { z } from 'zod';
import { jsonObjectSchema, type JsonObject } from '../../../contracts/json.ts';
import type { ApiResult, HttpAnswer, Refusal } from '../definition.ts';
import { safeReason } from '../refusal.ts';

/** https://docs.stripe.com/rate-limits: counted by the second. */
const DEFAULT_RETRY_AFTER_MS = 2_000;
/** Somebody else is at the same object; they hold it for as long as one request takes. */
const LOCKED_RETRY_MS = 1_000;
/** Words of something in between that has stopped waiting: behind it the request may still be at work. */
const STOPPED_WAITING = new Set([408, 502, 504]);
/** The grant was taken back, or the key replaced: a refresh tells which. https://docs.stripe.com/error-codes */
const TOKEN_ENDED = new Set(['account_invalid', 'api_key_expired', 'platform_api_key_expired']);
const NO_SCOPE = new Set(['more_permissions_required', 'more_permissions_required_for_application']);
/** What other people or other calls change by and by, so that the same parameters may pass later. */
const PASSING = new Set(['resource_missing', 'balance_insufficient', 'charge_disputed', 'invoice_no_customer_line_items']);

const failureSchema = z.looseObject({
  error: z.looseObject({ type: z.string(), code: z.string().optional(), decline_code: z.string().optional() }),
});

/**
 * What an HTTP answer of Stripe means (https://docs.stripe.com/error-low-level). A 4xx says that nothing was done, but for
 * a key that is in use: the request that has it may still make the effect. A 5xx says nothing at all, repeated or not.
 */
export function readStripeAnswer(answer: HttpAnswer): ApiResult {
  const { status, headers } = answer;
  const body = parseObject(answer.body);
  const failure = failureSchema.safeParse(body);
  const error = failure.success ? failure.data.error : undefined;
  if (error?.code === 'lock_timeout') return locked();
  if (status === 429) return rateLimited(headers['retry-after']);
  if (error?.code === 'idempotency_key_in_use') return { kind: 'uncertain', reason: error.code, isOver: false };
  if (status >= 500 || status < 200 || (status >= 300 && status < 400) || status === 408) {
    return { kind: 'uncertain', reason: `http_${status}`, isOver: !STOPPED_WAITING.has(status) };
  }
  if (status >= 400) return { kind: 'refused', ...toRefusal(answer, error) };
  return body && !error ? { kind: 'ok', body } : { kind: 'uncertain', reason: 'unreadable_answer', isOver: true };
}

function toRefusal({ status, headers }: HttpAnswer, error: { type: string; code?: string | undefined } | undefined): Refusal {
  const reason = safeReason(error?.code ?? error?.type ?? `http_${status}`);
  if (status === 401 || TOKEN_ENDED.has(reason)) {
    return { code: 'provider_unavailable', reason, retryable: true, retryAfterMs: 1_000, grant: 'expired' };
  }
  if (NO_SCOPE.has(reason)) return { code: 'scope_missing', reason, retryable: true };
  // A kept answer stays the answer to our key, whatever changes: https://docs.stripe.com/api/idempotent_requests.
  const isKept = headers['idempotent-replayed'] === 'true';
  return { code: 'provider_refused', reason, retryable: PASSING.has(reason) && !isKept };
}

function locked(): ApiResult {
  const refusal = { code: 'provider_unavailable', reason: 'lock_timeout', retryable: true } as const;
  return { kind: 'refused', ...refusal, retryAfterMs: LOCKED_RETRY_MS };
}

function rateLimited(retryAfter: string | undefined): ApiResult {
  const seconds = /^\d{1,5}$/.test(retryAfter ?? '') ? Number(retryAfter) : undefined;
  const retryAfterMs = seconds === undefined ? DEFAULT_RETRY_AFTER_MS : Math.max(1, seconds) * 1_000;
  return { kind: 'refused', code: 'provider_rate_limited', reason: 'rate_limit', retryable: true, retryAfterMs };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return jsonObjectSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
