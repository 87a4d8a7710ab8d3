import { and, eq, sql } from 'drizzle-orm';
import type { JsonObject } from '../../contracts/json.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { receipts, type ReceiptAttempt } from '../../db/schema/hub/receipts.ts';
import type { CallState } from './ledger-entry.ts';
import { scrub } from './scrub.ts';

const MAX_SUMMARY_TEXT = 200;

/** Where a receipt stands: the partition is found by the time its call's ledger entry was made. */
export interface ReceiptKey {
  key: string;
  createdAt: Date;
}

/**
 * Parameters as a receipt keeps them: without what looks like a token, long texts cut; the short values by which an
 * effect is found again stay as they are.
 */
export function summarise(parameters: JsonObject, tokenPattern: RegExp): string {
  return JSON.stringify(scrub(parameters, tokenPattern), (_name, value: unknown) =>
    typeof value === 'string' && value.length > MAX_SUMMARY_TEXT ? `${value.slice(0, MAX_SUMMARY_TEXT)}…` : value,
  );
}

/** What `summarise` made, read back: for lookups and for people. */
export function readSummary(summary: string): JsonObject {
  return jsonObjectSchema.parse(JSON.parse(summary));
}

export type NewReceipt = Omit<typeof receipts.$inferInsert, 'orgId' | 'outcome' | 'attempts' | 'createdAt' | 'callId'>;

/** The receipt of a call that is about to go out; a call that goes out again keeps its receipt and its attempts. */
export async function openReceipt(tx: OrgTx, at: ReceiptKey, facts: NewReceipt): Promise<void> {
  const row = { ...facts, orgId: tx.orgId, callId: at.key, createdAt: at.createdAt, outcome: 'in_flight' as const };
  await tx.db
    .insert(receipts)
    .values(row)
    .onConflictDoUpdate({
      target: [receipts.orgId, receipts.callId, receipts.createdAt],
      set: { ...facts, outcome: 'in_flight', errorCode: null, updatedAt: sql`now()` },
    });
}

export interface ReceiptChange {
  outcome: CallState;
  attempt?: ReceiptAttempt;
  effectId?: string | undefined;
  errorCode?: string | null;
}

export async function updateReceipt(tx: OrgTx, at: ReceiptKey, change: ReceiptChange): Promise<void> {
  const { outcome, attempt, effectId, errorCode } = change;
  await tx.db
    .update(receipts)
    .set({
      outcome,
      updatedAt: sql`now()`,
      ...(attempt && {
        attempts: sql`${receipts.attempts} || ${JSON.stringify([attempt])}::jsonb`,
        latencyMs: attempt.latency_ms,
      }),
      ...(effectId !== undefined && { providerEffectId: effectId }),
      ...(errorCode !== undefined && { errorCode }),
    })
    .where(isReceipt(tx, at));
}

/** Parameters and initiator of a call, from its receipt. */
export async function readReceiptFacts(tx: OrgReadTx, at: ReceiptKey) {
  const rows = await tx.db
    .select({ summary: receipts.parametersSummary, initiatorId: receipts.initiatorId, employeeVersion: receipts.employeeVersion })
    .from(receipts)
    .where(isReceipt(tx, at));
  return rows[0];
}

function isReceipt(tx: OrgReadTx, { key, createdAt }: ReceiptKey) {
  return and(eq(receipts.orgId, tx.orgId), eq(receipts.callId, key), eq(receipts.createdAt, createdAt));
}
