import { z } from 'zod';
import { jsonObjectSchema, type JsonObject } from '../../../contracts/json.ts';
import type { ApiResult, HttpAnswer, Refusal } from '../definition.ts';

/** https://developer.intuit.com/app/developer/qbo/docs/learn/rest-api-features: after a 429, wait for a minute. */
const THROTTLED_MS = 60_000;

/** Words of something in between that has stopped waiting: behind it the request may still be at work. */
const STOPPED_WAITING = new Set([408, 502, 504]);

/** Codes without leading zeros: they come with and without (`003001`, `3001`). */
const THROTTLED = new Set(['3001', '429']);
/** The access token has ended; a refresh says whether the grant has too. */
const TOKEN_ENDED = new Set(['3200', '3202']);
/** The person who connected has lost the right, or the company has disconnected the application. */
const GRANT_GONE = new Set(['120', '3100', '3101']);

/** https://developer.intuit.com/app/developer/qbo/docs/develop/troubleshooting/error-codes */
const WORDS: { readonly [code: string]: { reason: string; retryable: boolean } } = {
  '500': { reason: 'unsupported_operation', retryable: false },
  '600': { reason: 'duplicate_request_id', retryable: true },
  '610': { reason: 'not_found', retryable: true },
  '2020': { reason: 'parameter_missing', retryable: false },
  '2050': { reason: 'text_too_long', retryable: false },
  '2170': { reason: 'invalid_value', retryable: false },
  '2500': { reason: 'invalid_reference', retryable: true },
  '4000': { reason: 'invalid_query', retryable: false },
  '4001': { reason: 'invalid_query', retryable: false },
  '5010': { reason: 'stale_object', retryable: true },
  '6000': { reason: 'business_validation', retryable: true },
  '6140': { reason: 'duplicate_number', retryable: false },
  '6190': { reason: 'subscription_ended', retryable: true },
  '6210': { reason: 'period_closed', retryable: true },
  '6240': { reason: 'duplicate_name', retryable: false },
  '6540': { reason: 'deposited', retryable: false },
};

const errorsSchema = z.array(z.looseObject({ code: z.union([z.string(), z.number()]).optional() })).min(1);
/** From the accounting service, and from the gateway before it. */
const serviceFaultSchema = z.looseObject({ Fault: z.looseObject({ Error: errorsSchema, type: z.string().optional() }) });
const gatewayFaultSchema = z.looseObject({ fault: z.looseObject({ error: errorsSchema, type: z.string().optional() }) });

/** A fault in no known shape: what it says of the request cannot be known. */
const UNREADABLE = 'UNREADABLE';

interface Fault {
  code: string;
  type: string;
}

/** What an HTTP answer of the Accounting API means. A fault says that nothing was done, unless it is one of the system's own. */
export function readQuickBooksAnswer(answer: HttpAnswer): ApiResult {
  const { status } = answer;
  const body = parseObject(answer.body);
  const fault = body && readFault(body);
  if (status === 429 || (fault && THROTTLED.has(fault.code))) return throttled(answer);
  if (status >= 500 || status < 200 || (status >= 300 && status < 400) || status === 408) return uncertainStatus(status);
  if (fault && (fault.type === UNREADABLE || fault.type.startsWith('SYSTEM')))
    return { kind: 'uncertain', reason: 'system_fault', isOver: true };
  if (fault || status >= 400) return { kind: 'refused', ...toRefusal(status, fault) };
  return body ? { kind: 'ok', body } : { kind: 'uncertain', reason: 'unreadable_answer', isOver: true };
}

function toRefusal(status: number, fault: Fault | undefined): Refusal {
  const code = fault?.code ?? '';
  if (GRANT_GONE.has(code)) {
    return { code: 'connection_needs_reauth', reason: 'authorization_failed', retryable: true, grant: 'dead' };
  }
  if (TOKEN_ENDED.has(code) || status === 401) {
    return { code: 'provider_unavailable', reason: 'token_expired', retryable: true, retryAfterMs: 1_000, grant: 'expired' };
  }
  const known = WORDS[code];
  if (known) return { code: 'provider_refused', ...known };
  const reason = code === '' ? `http_${status}` : `fault_${code}`;
  return { code: 'provider_refused', reason, retryable: true };
}

function readFault(body: JsonObject): Fault | undefined {
  if (!('Fault' in body) && !('fault' in body)) return undefined;
  const service = serviceFaultSchema.safeParse(body);
  if (service.success) return toFault(service.data.Fault.Error, service.data.Fault.type);
  const gateway = gatewayFaultSchema.safeParse(body);
  return gateway.success ? toFault(gateway.data.fault.error, gateway.data.fault.type) : { code: '', type: UNREADABLE };
}

function toFault(errors: z.infer<typeof errorsSchema>, type = ''): Fault {
  const code = String(errors[0]?.code ?? '').replace(/^0+/, '');
  return { code: /^\d{1,10}$/.test(code) ? code : '', type: type.toUpperCase() };
}

function throttled(answer: HttpAnswer): ApiResult {
  const given = answer.headers['retry-after'];
  const seconds = /^\d{1,5}$/.test(given ?? '') ? Number(given) : 0;
  const retryAfterMs = Math.max(THROTTLED_MS, seconds * 1_000);
  return { kind: 'refused', code: 'provider_rate_limited', reason: 'throttled', retryable: true, retryAfterMs };
}

function uncertainStatus(status: number): ApiResult {
  return { kind: 'uncertain', reason: `http_${status}`, isOver: !STOPPED_WAITING.has(status) };
}

function parseObject(text: string): JsonObject | undefined {
  try {
    return jsonObjectSchema.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
