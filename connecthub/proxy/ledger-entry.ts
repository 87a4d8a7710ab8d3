import { and, eq, sql } from 'drizzle-orm';
import type { Idempotency, Risk } from '../../contracts/capability.ts';
import type { Json, JsonObject } from '../../contracts/json.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { callKeys } from '../../db/schema/hub/call-keys.ts';
import { statement } from '../../db/statement.ts';

export type CallState = 'in_flight' | 'succeeded' | 'refused' | 'maybe' | 'unknown';

/** What the ledger knows about a call. Times are measured by the database's clock. */
export interface LedgerEntry {
  key: string;
  digest: string;
  capability: string;
  capabilityVersion: number;
  connectionId: string;
  runId: string;
  employeeId: string;
  risk: Risk;
  idempotency: Idempotency;
  state: CallState;
  retryable: boolean;
  fence: number;
  nativeKey: string;
  result: Json | null;
  providerEffectId: string | null;
  error: JsonObject | null;
  createdAt: Date;
  /** Since the first attempt began. */
  ageMs: number;
  /** Until the attempt's lease ends; 0 or less = it has. */
  leaseLeftMs: number;
  /** Until the call may be settled; 0 or less = now. */
  settleInMs: number;
}

/** The columns of an entry, for `select` and `returning` alike. */
export const ENTRY_COLUMNS = {
  key: callKeys.callId,
  digest: callKeys.digest,
  capability: callKeys.capability,
  capabilityVersion: callKeys.capabilityVersion,
  connectionId: callKeys.connectionId,
  runId: callKeys.runId,
  employeeId: callKeys.employeeId,
  risk: callKeys.risk,
  idempotency: callKeys.idempotency,
  state: callKeys.state,
  retryable: callKeys.retryable,
  fence: callKeys.fence,
  nativeKey: callKeys.nativeKey,
  result: callKeys.result,
  providerEffectId: callKeys.providerEffectId,
  error: callKeys.error,
  createdAt: callKeys.createdAt,
  ageMs: sql<number>`(extract(epoch from clock_timestamp() - ${callKeys.createdAt}) * 1000)::float8`,
  leaseLeftMs: sql<number>`(extract(epoch from ${callKeys.deadline} - clock_timestamp()) * 1000)::float8`,
  settleInMs: sql<number>`(extract(epoch from coalesce(${callKeys.settleAfter}, ${callKeys.deadline}) - clock_timestamp()) * 1000)::float8`,
};

export async function findEntry(tx: OrgReadTx, key: string): Promise<LedgerEntry | undefined> {
  return (await selectEntry(tx.db).execute({ orgId: tx.orgId, key }))[0];
}

const selectEntry = statement((db) =>
  db
    .select(ENTRY_COLUMNS)
    .from(callKeys)
    .where(and(eq(callKeys.orgId, sql.placeholder('orgId')), eq(callKeys.callId, sql.placeholder('key'))))
    .prepare('select_entry'),
);

export function ofKey(tx: OrgReadTx, key: string) {
  return and(eq(callKeys.orgId, tx.orgId), eq(callKeys.callId, key));
}
