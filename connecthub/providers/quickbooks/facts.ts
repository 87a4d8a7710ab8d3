import type { JsonObject } from '../../../contracts/json.ts';
import type { RequestContext } from '../definition.ts';
import { ACCOUNTING } from './oauth.ts';

/** Intuit answers within a few seconds; what takes twelve is lost. */
const TIMEOUT_MS = 12_000;
/** What was on its way is booked well within it. */
const SETTLE_MS = 5_000;
/**
 * Intuit says that a request id answers again with the first one's answer, not for how long: short enough to be sure,
 * long enough for a restart. Later our marker is looked for.
 */
const WINDOW_MS = 15 * 60_000;

/** What all of QuickBooks' capabilities have in common. */
export const COMMON = { version: 1, scopes: [ACCOUNTING], timeoutMs: TIMEOUT_MS };
export const WRITE = { ...COMMON, risk: 'write' as const, settleMs: SETTLE_MS };
export const NATIVE = { ...WRITE, native: { windowMs: WINDOW_MS } };

/** A request that makes one object. https://blogs.intuit.com/2015/04/06/15346/ on `requestid`. */
export function creating(entity: string, body: JsonObject, { nativeKey }: RequestContext) {
  return { method: entity, verb: 'POST' as const, args: { requestid: nativeKey }, body };
}
