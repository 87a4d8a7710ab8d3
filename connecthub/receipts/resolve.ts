import { and, count, eq, isNull, sql } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { Json } from '../../contracts/json.ts';
import type { HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { memberships } from '../../db/schema/authz/memberships.ts';
import { receipts } from '../../db/schema/hub/receipts.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { Capability, Registry } from '../providers/registry.ts';
import { findEntry, type LedgerEntry } from '../proxy/ledger-entry.ts';
import { resolveEntry } from '../proxy/ledger.ts';
import { effectOf } from '../proxy/perform.ts';
import { scrub } from '../proxy/scrub.ts';
import { sealOutcome } from '../proxy/sealed-result.ts';
import { findReceipt } from './find.ts';
import { tellAgentCore } from './tell-agent-core.ts';
import type { Receipt } from './wire.ts';

export type Resolution = { resolution: 'happened'; result?: Json | undefined } | { resolution: 'did_not_happen' };

export interface ResolveDeps {
  database: HubDatabase;
  registry: Registry;
  secretBox: Pick<SecretBox, 'sealerOf'>;
}

/**
 * A person's word on a call of which nobody can tell whether it happened. `happened` stores the result; `did_not_happen`
 * allows one new attempt. Ledger, receipt, audit and the decision for the waiting run are one transaction.
 *
 * @throws ClancyError `not_found`, `receipt_not_unknown`, `four_eyes`, `invalid_request` (a result that does not fit)
 */
export async function resolveReceipt(deps: ResolveDeps, scope: OrgScope, callId: string, word: Resolution): Promise<Receipt> {
  const called = await deps.database.withOrgRead(scope, (tx) => findEntry(tx, callId));
  const capability = called && (await deps.registry.of(scope.orgId).capability(called.capability));
  const seal = await deps.secretBox.sealerOf(scope.orgId);
  return deps.database.withOrg(scope, async (tx) => {
    const receipt = await findReceipt(tx, callId);
    const entry = await findEntry(tx, callId);
    if (entry?.state !== 'unknown')
      throw new ClancyError('receipt_not_unknown', `The outcome of this call is known: ${receipt.outcome}.`);
    const isSoleMember = await checkFourEyes(tx, scope, receipt);
    const outcome = toOutcome(capability, word);
    if (!(await resolveEntry(tx, entry, sealOutcome(seal, scope.orgId, callId, outcome))))
      throw new ClancyError('receipt_not_unknown', 'Somebody has just resolved this call.');
    await updateReceipt(tx, scope, entry, word, outcome.state === 'succeeded' ? outcome.effectId : undefined);
    await tellAgentCore(tx, { callId, runId: entry.runId, resolution: word.resolution, resolvedBy: scope.actor.id });
    tx.audit({
      action: 'receipt.resolve',
      objectType: 'call',
      objectId: callId,
      allowed: true,
      details: { resolution: word.resolution, sole_member: isSoleMember },
    });
    return findReceipt(tx, callId);
  });
}

/** Whoever started the run does not judge its effects, unless there is nobody else. */
async function checkFourEyes(tx: OrgTx, scope: OrgScope, receipt: Receipt): Promise<boolean> {
  if (receipt.initiator.id !== scope.actor.id) return false;
  const isMember = and(eq(memberships.orgId, tx.orgId), isNull(memberships.removedAt));
  const members = (await tx.db.select({ n: count() }).from(memberships).where(isMember))[0]?.n ?? 0;
  if (members > 1) {
    throw new ClancyError('four_eyes', 'Whoever started the run cannot resolve its calls.', {
      next: 'Ask another member to look.',
    });
  }
  return true;
}

function toOutcome(capability: Capability | undefined, word: Resolution) {
  if (word.resolution === 'did_not_happen') {
    return {
      state: 'refused' as const,
      refusal: { code: 'provider_unavailable' as const, reason: 'did_not_happen', retryable: true },
    };
  }
  if (word.result === undefined || !capability) return { state: 'succeeded' as const, result: word.result ?? null };
  const fields = capability.output.errorsOf(capability.output.cut(word.result));
  if (fields.length > 0) {
    throw new ClancyError('invalid_request', 'The result does not fit the capability.', {
      fields: fields.map(({ field, message }) => ({ field: field.replace(/^\/parameters/, '/result'), message })),
    });
  }
  const result = scrub(capability.output.cut(word.result), capability.provider.definition.tokenPattern);
  return { state: 'succeeded' as const, result, ...effectOf(capability.definition, result) };
}

async function updateReceipt(
  tx: OrgTx,
  scope: OrgScope,
  entry: LedgerEntry,
  word: Resolution,
  effectId: string | undefined,
): Promise<void> {
  await tx.db
    .update(receipts)
    .set({
      outcome: word.resolution === 'happened' ? 'succeeded' : 'refused',
      errorCode: null,
      resolution: word.resolution,
      resolvedBy: scope.actor.id,
      resolvedAt: sql`now()`,
      updatedAt: sql`now()`,
      ...(effectId !== undefined && { providerEffectId: effectId }),
    })
    .where(and(eq(receipts.orgId, tx.orgId), eq(receipts.callId, entry.key), eq(receipts.createdAt, entry.createdAt)));
}
