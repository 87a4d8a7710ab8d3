import { and, eq, sql } from 'drizzle-orm';
import type { JsonObject } from '../../contracts/json.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { receipts, type ReceiptAttempt } from '../../db/schema/hub/receipts.ts';
import { statement } from '../../db/statement.ts';
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

/** What a call is about, for people. */
export type NewReceipt = Required<
  Pick<
    typeof receipts.$inferInsert,
    | 'runId'
    | 'mode'
    | 'employeeId'
    | 'employeeVersion'
    | 'initiatorType'
    | 'initiatorId'
    | 'connectionId'
    | 'capability'
    | 'capabilityVersion'
    | 'digest'
    | 'parametersSummary'
    | 'approvalId'
  >
>;

/** The receipt of a call that is about to go out; a call that goes out again keeps its receipt and its attempts. */
export async function openReceipt(tx: OrgTx, at: ReceiptKey, facts: NewReceipt): Promise<void> {
  await insertReceipt(tx.db).execute({ ...facts, orgId: tx.orgId, callId: at.key, createdAt: at.createdAt });
}

const insertReceipt = statement((db) =>
  db
    .insert(receipts)
    .values({
      orgId: sql.placeholder('orgId'),
      callId: sql.placeholder('callId'),
      createdAt: sql.placeholder('createdAt'),
      runId: sql.placeholder('runId'),
      mode: sql`${sql.placeholder('mode')}`,
      employeeId: sql.placeholder('employeeId'),
      employeeVersion: sql.placeholder('employeeVersion'),
      initiatorType: sql.placeholder('initiatorType'),
      initiatorId: sql.placeholder('initiatorId'),
      connectionId: sql.placeholder('connectionId'),
      capability: sql.placeholder('capability'),
      capabilityVersion: sql.placeholder('capabilityVersion'),
      digest: sql.placeholder('digest'),
      parametersSummary: sql.placeholder('parametersSummary'),
      approvalId: sql.placeholder('approvalId'),
      outcome: 'in_flight',
    })
    .onConflictDoUpdate({
      target: [receipts.orgId, receipts.callId, receipts.createdAt],
      set: {
        runId: sql`excluded.run_id`,
        employeeId: sql`excluded.employee_id`,
        employeeVersion: sql`excluded.employee_version`,
        initiatorType: sql`excluded.initiator_type`,
        initiatorId: sql`excluded.initiator_id`,
        connectionId: sql`excluded.connection_id`,
        capability: sql`excluded.capability`,
        capabilityVersion: sql`excluded.capability_version`,
        digest: sql`excluded.digest`,
        parametersSummary: sql`excluded.parameters_summary`,
        approvalId: sql`excluded.approval_id`,
        outcome: 'in_flight',
        errorCode: null,
        updatedAt: sql`now()`,
      },
    })
    .prepare('insert_receipt'),
);

export interface ReceiptChange {
  outcome: CallState;
  attempt?: ReceiptAttempt;
  effectId?: string | undefined;
  errorCode?: string | null;
}

export async function updateReceipt(tx: OrgTx, at: ReceiptKey, change: ReceiptChange): Promise<void> {
  const { outcome, attempt, effectId, errorCode } = change;
  await setReceipt(tx.db).execute({
    orgId: tx.orgId,
    callId: at.key,
    createdAt: at.createdAt,
    outcome,
    attempts: JSON.stringify(attempt ? [attempt] : []),
    latencyMs: attempt?.latency_ms ?? null,
    effectId: effectId ?? null,
    keepsErrorCode: errorCode === undefined,
    errorCode: errorCode ?? null,
  });
}

const setReceipt = statement((db) =>
  db
    .update(receipts)
    .set({
      outcome: sql`${sql.placeholder('outcome')}`,
      updatedAt: sql`now()`,
      attempts: sql`${receipts.attempts} || ${sql.placeholder('attempts')}::jsonb`,
      latencyMs: sql`coalesce(${sql.placeholder('latencyMs')}, ${receipts.latencyMs})`,
      providerEffectId: sql`coalesce(${sql.placeholder('effectId')}, ${receipts.providerEffectId})`,
      errorCode: sql`case when ${sql.placeholder('keepsErrorCode')} then ${receipts.errorCode} else ${sql.placeholder('errorCode')} end`,
    })
    .where(
      and(
        eq(receipts.orgId, sql.placeholder('orgId')),
        eq(receipts.callId, sql.placeholder('callId')),
        eq(receipts.createdAt, sql.placeholder('createdAt')),
      ),
    )
    .prepare('set_receipt'),
);

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
