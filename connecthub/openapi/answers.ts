import type { Json } from '../../contracts/json.ts';
import type { ApiResult, HttpAnswer } from '../providers/definition.ts';

/** Where a provider says 429 and not for how long. */
const DEFAULT_RETRY_AFTER_MS = 10_000;
const MAX_RETRY_AFTER_MS = 3_600_000;
/** Something in between has stopped waiting: behind it the request may still be at work. */
const STOPPED_WAITING = new Set([408, 502, 504]);

/**
 * What an answer means where nothing but HTTP is known of the provider (RFC 9110, 15). 4xx: nothing was done. 409 says so
 * too, but of a repeated request it may be the first one that stands in its way. Redirects are not followed, and may be
 * the answer to something that was done.
 */
export function readAnswer(answer: HttpAnswer): ApiResult {
  const { status, headers } = answer;
  if (status >= 200 && status < 300) return { kind: 'ok', body: readBody(answer) };
  const reason = `http_${status}`;
  if (status === 429) {
    const retryAfterMs = retryAfter(headers['retry-after']);
    return { kind: 'refused', code: 'provider_rate_limited', reason, retryable: true, retryAfterMs };
  }
  if (status === 401) {
    return { kind: 'refused', code: 'provider_unavailable', reason, retryable: true, retryAfterMs: 1_000, grant: 'expired' };
  }
  if (status === 408 || status === 425 || status < 400 || status >= 500) {
    return { kind: 'uncertain', reason, isOver: !STOPPED_WAITING.has(status) };
  }
  return { kind: 'refused', code: 'provider_refused', reason, retryable: false };
}

/** `value` is absent where the body is no JSON: whether that matters is the capability's to say. */
function readBody({ body }: HttpAnswer): { value?: Json } {
  try {
    return { value: JSON.parse(body) as Json };
  } catch {
    return {};
  }
}

/** In seconds, or at a date (RFC 9110, 10.2.3). */
function retryAfter(text: string | undefined): number {
  const ms = /^\d{1,6}$/.test(text ?? '') ? Number(text) * 1_000 : Date.parse(text ?? '') - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 1_000), MAX_RETRY_AFTER_MS) : DEFAULT_RETRY_AFTER_MS;
}
