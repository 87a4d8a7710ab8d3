import type { Json, JsonObject } from '../../contracts/json.ts';
import type { Refusal } from '../providers/definition.ts';

/** How one attempt of a call ended. */
export type Outcome =
  | { state: 'succeeded'; result: Json; effectId?: string; code?: string }
  | { state: 'refused'; refusal: Refusal }
  /** Nobody can tell from here whether it happened. `isOver`: no effect is still to come from the attempt. */
  | { state: 'maybe'; reason: string; isOver: boolean };

/** A refusal as the ledger keeps it. */
export function refusalToJson({ code, reason, retryAfterMs }: Refusal): JsonObject {
  return { code, reason, ...(retryAfterMs !== undefined && { retry_after_ms: retryAfterMs }) };
}

/** The word an attempt leaves in the receipt. */
export function codeOfOutcome(outcome: Outcome): string | undefined {
  if (outcome.state === 'refused') return outcome.refusal.reason;
  return outcome.state === 'maybe' ? outcome.reason : outcome.code;
}
