import { ClancyError } from '../../contracts/errors.ts';
import { jsonSchema, type Json } from '../../contracts/json.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import type { Seal, SecretBox } from '../../platform/secrets/secret-box.ts';
import type { LedgerEntry } from './ledger-entry.ts';

/** What a provider told is kept sealed for its call: a copied row is worth nothing elsewhere, nor after its key's end. */
const placeOf = (orgId: string, object: string) => ({ purpose: 'call-result', orgId, object, field: 'result' });

/** The outcome as the ledger keeps it. */
export function sealOutcome<T extends { state: string }>(seal: Seal, orgId: string, key: string, outcome: T): T {
  if (!('result' in outcome) || outcome.result === null) return outcome;
  return { ...outcome, result: seal(placeOf(orgId, key), JSON.stringify(outcome.result)) };
}

/**
 * The result that the ledger keeps.
 * @throws ClancyError `history_gone` once the organisation's keys were destroyed
 */
export async function openResult(box: Pick<SecretBox, 'open'>, orgId: string, entry: LedgerEntry): Promise<Json | null> {
  const { key, result } = entry;
  if (typeof result !== 'string' || !result.startsWith('v1.')) return result;
  const text = await box.open(placeOf(orgId, key), result).catch(rethrow);
  return jsonSchema.parse(JSON.parse(text));
}

function rethrow(error: unknown): never {
  if (!(error instanceof SealedTextError)) throw error;
  throw new ClancyError('history_gone', 'The stored result of this call cannot be read any more.');
}
