import { z } from 'zod';
import { ClancyError, ERROR_CODES } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { ApprovalAsk, ProxySuccess } from '../../contracts/call.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { Refusal } from '../providers/definition.ts';
import { refusalError } from '../providers/refusal.ts';
import type { Receipt } from '../receipts/wire.ts';
import type { Call } from './call.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import type { Outcome } from './outcome.ts';
import { openResult } from './sealed-result.ts';

/** What the caller hears of each state of its call. */

export async function storedSuccess(box: Pick<SecretBox, 'open'>, call: Call, entry: LedgerEntry): Promise<ProxySuccess> {
  const result = await openResult(box, call.orgId, entry);
  const { providerEffectId: effectId } = entry;
  return success(call, { state: 'succeeded', result, ...(effectId !== null && { effectId }) }, true);
}

export function success(call: Call, outcome: Outcome & { state: 'succeeded' }, replayed: boolean): ProxySuccess {
  const { result, effectId } = outcome;
  return {
    call_id: call.callId,
    status: 'succeeded',
    result,
    ...(effectId !== undefined && { provider_effect_id: effectId }),
    replayed,
  };
}

const storedRefusalSchema = z.looseObject({ code: z.enum(ERROR_CODES), reason: z.string() });

export function storedRefusal(call: Call, entry: LedgerEntry): ClancyError {
  const { code, reason } = storedRefusalSchema.parse(entry.error);
  return refused(call, { code, reason, retryable: false });
}

export function refused(call: Call, refusal: Refusal): ClancyError {
  const title = call.capability?.provider.definition.title ?? call.qualified;
  return refusalError(title, refusal, { extra: { call_id: call.callId } });
}

export function inFlight(retryAfterMs: number): ClancyError {
  return new ClancyError('call_in_flight', 'Another attempt of this call is under way.', {
    retryAfterMs,
    next: 'Repeat the call after the time in Retry-After.',
  });
}

export function settling(retryAfterMs: number): ClancyError {
  return new ClancyError('call_settling', 'It is not known yet whether the call happened; that is being found out.', {
    retryAfterMs,
    next: 'Repeat the call after the time in Retry-After.',
  });
}

export function unknownOutcome(receipt: Receipt): ClancyError {
  return new ClancyError('outcome_unknown', 'Nobody can tell from here whether the call happened.', {
    next: 'A person looks at the provider and answers with POST /receipts/{callId}/resolve.',
    extra: { receipt },
  });
}

/** `question`: what people are asked, who may take what stands as the call's result. */
export function conflict(receipt: Receipt, question?: { approval: ApprovalAsk; stands: JsonObject }): ClancyError {
  return new ClancyError('call_digest_conflict', 'This call id was used with other parameters, and its effect stands.', {
    next: question
      ? 'Ask whether what stands is the result, then repeat the same call.'
      : 'Compare with the receipt; the call is not made a second time.',
    extra: { receipt, ...question },
  });
}
