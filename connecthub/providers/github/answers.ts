import { z } from 'zod';
import { jsonObjectSchema, jsonSchema, type JsonObject } from '../../../contracts/json.ts';
import type { ApiResult, HttpAnswer, Refusal } from '../definition.ts';

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: where nothing is said, at least a minute. */
const DEFAULT_RETRY_AFTER_MS = 60_000;
/** Words of something in between that has stopped waiting: behind it the request may still be at work. */
const STOPPED_WAITING = new Set([408, 502, 504]);

const REFUSED: { readonly [status: number]: Refusal } = {
  301: { code: 'provider_refused', reason: 'moved', retryable: false },
  302: { code: 'provider_refused', reason: 'moved', retryable: false },
  307: { code: 'provider_refused', reason: 'moved', retryable: false },
  308: { code: 'provider_refused', reason: 'moved', retryable: false },
  401: {
    code: 'provider_unavailable',
    reason: 'bad_credentials',
    retryable: true,
    retryAfterMs: 1_000,
    grant: 'expired',
  },
  // To whom something private is not shown, it is not there: a right that is given later changes that.
  404: { code: 'provider_refused', reason: 'not_found', retryable: true },
  409: { code: 'provider_refused', reason: 'conflict', retryable: true },
  410: { code: 'provider_refused', reason: 'gone', retryable: false },
  422: { code: 'provider_refused', reason: 'validation_failed', retryable: false },
};

const failureSchema = z.looseObject({ message: z.string() });

/** What an HTTP answer of GitHub means. A list becomes an object: `items`, and the number of the `next_page` if there is one. */
export function readGitHubAnswer(answer: HttpAnswer): ApiResult {
  const { status, headers } = answer;
  const message = failureSchema.safeParse(parse(answer.body)).data?.message ?? '';
  if (isRateLimit(answer, message)) return rateLimited(headers);
  const refused = REFUSED[status];
  if (refused) return { kind: 'refused', ...refused };
  if (status === 403) return { kind: 'refused', ...forbidden(message) };
  if (status >= 500 || status < 200 || status === 408 || (status >= 300 && status < 400))
    return { kind: 'uncertain', reason: `http_${status}`, isOver: !STOPPED_WAITING.has(status) };
  if (status >= 400) return { kind: 'refused', code: 'provider_refused', reason: `http_${status}`, retryable: false };
  const body = toBody(parse(answer.body), headers['link']);
  return body ? { kind: 'ok', body } : { kind: 'uncertain', reason: 'unreadable_answer', isOver: true };
}

function toBody(value: unknown, link: string | undefined): JsonObject | undefined {
  const list = z.array(jsonSchema).safeParse(value);
  if (!list.success) return jsonObjectSchema.safeParse(value).data;
  const next = nextPage(link);
  return { items: list.data, ...(next !== undefined && { next_page: next }) };
}

/** https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api */
function nextPage(link = ''): number | undefined {
  const page = link.match(/<[^>]*[?&]page=(\d{1,6})[^>]*>;\s*rel="next"/)?.[1];
  return page === undefined ? undefined : Number(page);
}

/** The permission is the App's or the person's: both can be given later. */
function forbidden(message: string): Refusal {
  if (message.startsWith('Resource not accessible by'))
    return { code: 'scope_missing', reason: 'resource_not_accessible', retryable: true };
  return { code: 'provider_refused', reason: 'forbidden', retryable: true };
}

/** Primary limits say so in their headers, secondary ones by `Retry-After` or in words. */
function isRateLimit({ status, headers }: HttpAnswer, message: string): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const isSaid = headers['retry-after'] !== undefined || headers['x-ratelimit-remaining'] === '0';
  return isSaid || /rate limit/i.test(message);
}

function rateLimited(headers: HttpAnswer['headers']): ApiResult {
  const reason = headers['x-ratelimit-remaining'] === '0' ? 'rate_limit' : 'secondary_rate_limit';
  const retryAfterMs = waitOf(headers) ?? DEFAULT_RETRY_AFTER_MS;
  return { kind: 'refused', code: 'provider_rate_limited', reason, retryable: true, retryAfterMs };
}

/** `Retry-After` in seconds, else the reset (epoch seconds) by GitHub's own clock. */
function waitOf(headers: HttpAnswer['headers']): number | undefined {
  const [after, reset] = [headers['retry-after'] ?? '', headers['x-ratelimit-reset'] ?? ''];
  if (/^\d{1,5}$/.test(after)) return Math.max(1, Number(after)) * 1_000;
  const nowMs = Date.parse(headers['date'] ?? '');
  if (headers['x-ratelimit-remaining'] !== '0' || !/^\d{9,11}$/.test(reset) || Number.isNaN(nowMs)) return undefined;
  return Math.max(1_000, Number(reset) * 1_000 - nowMs);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
