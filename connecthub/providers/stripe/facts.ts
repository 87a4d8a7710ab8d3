import type { JsonObject } from '../../../contracts/json.ts';
import type { ApiRequest, RequestContext } from '../definition.ts';
import { READ_WRITE } from './oauth.ts';

/** The answers' form: https://docs.stripe.com/api/versioning. That of the official client that the sandbox is tried with. */
export const API_VERSION = '2026-10-28.endive';

/** Stripe answers within a few seconds; what takes fifteen is lost. */
const TIMEOUT_MS = 15_000;
/** What was on its way is made, and in the lists, well within it. */
const SETTLE_MS = 5_000;
/** https://docs.stripe.com/api/idempotent_requests: keys are forgotten once they are at least 24 hours old. */
const WINDOW_MS = 24 * 3_600_000;

/** What all of Stripe's capabilities have in common. */
export const COMMON = { version: 1, scopes: [READ_WRITE], timeoutMs: TIMEOUT_MS };
export const WRITE = { ...COMMON, risk: 'write' as const, settleMs: SETTLE_MS, native: { windowMs: WINDOW_MS } };

/** A request that makes or changes something, under our key. */
export function posting(method: string, body: JsonObject, { nativeKey }: RequestContext): ApiRequest {
  return { method, verb: 'POST', args: {}, body, headers: { 'idempotency-key': nativeKey } };
}
