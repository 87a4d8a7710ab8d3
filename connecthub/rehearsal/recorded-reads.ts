import { and, desc, eq, inArray } from 'drizzle-orm';
import { callDigest } from '../../contracts/digest.ts';
import { blobHashesIn } from '../../contracts/files.ts';
import { callScopeOf, parseRunId } from '../../contracts/ids.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { callKeys } from '../../db/schema/hub/call-keys.ts';
import type { Call } from '../proxy/call.ts';
import { ENTRY_COLUMNS, type LedgerEntry } from '../proxy/ledger-entry.ts';

/** Reads of one capability that a run may have made and that are looked through. */
const MAX_LOOKED_AT = 2_000;

/**
 * The recorded read of an earlier run that answers this one: of the same capability with the same parameters, else the
 * one that was made in the same step (its parameters may hold the day). Undefined: it made none.
 */
export async function findRecordedRead(tx: OrgReadTx, call: Call, readsFrom: string): Promise<LedgerEntry | undefined> {
  const version = parseRunId(readsFrom)?.version;
  if (version === undefined) return undefined;
  const entries = await tx.db
    .select(ENTRY_COLUMNS)
    .from(callKeys)
    .where(
      and(
        eq(callKeys.orgId, tx.orgId),
        inArray(callKeys.runId, [readsFrom, callScopeOf(readsFrom)]),
        eq(callKeys.capability, call.qualified),
        eq(callKeys.risk, 'read'),
        eq(callKeys.state, 'succeeded'),
      ),
    )
    .orderBy(desc(callKeys.createdAt))
    .limit(MAX_LOOKED_AT);
  const sameStep = callScopeOf(readsFrom) + call.callId.slice(call.ticket.callScope.length);
  return entries.find((entry) => isSameCall(call, entry, version)) ?? entries.find(({ key }) => idOf(key) === sameStep);
}

/** The ledger keeps no parameters, only their digest under the ids of that call: ours is made for those ids. */
function isSameCall(call: Call, entry: LedgerEntry, employeeVersion: number): boolean {
  const digest = callDigest({
    orgId: call.orgId,
    callId: idOf(entry.key),
    employeeVersion,
    capability: entry.capability,
    capabilityVersion: entry.capabilityVersion,
    connectionId: entry.connectionId,
    parameters: call.parameters,
    blobHashes: blobHashesIn(call.parameters),
  });
  return digest === entry.digest;
}

/** A read with changed parameters is kept under `{call id}~{digest8}`. */
function idOf(key: string): string {
  return key.replace(/~[0-9a-f]{8}$/, '');
}
