import { and, eq, gt, inArray, lte, sql, type SQL } from 'drizzle-orm';
import type { Idempotency } from '../../contracts/capability.ts';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { callKeys } from '../../db/schema/hub/call-keys.ts';
import { RESERVATION, returnIfRefused } from '../limits/reserve.ts';
import { insertAttempt, LEASE, setSucceeded } from './ledger-statements.ts';
import { ENTRY_COLUMNS, ofKey, type CallState, type LedgerEntry } from './ledger-entry.ts';
import { refusalToJson, type Outcome } from './outcome.ts';

/** The right to make one attempt: whoever holds the fence may send until the deadline. */
export interface Lease {
  key: string;
  fence: number;
  owner: string;
  createdAt: Date;
}

export interface NewAttempt {
  key: string;
  digest: string;
  capability: string;
  capabilityVersion: number;
  connectionId: string;
  employeeId: string;
  runId: string;
  risk: LedgerEntry['risk'];
  idempotency: Idempotency;
  nativeKey: string;
  approvalId: string | null;
  /** The UTC day of the reservation; null = the call takes nothing from the budgets. */
  reservedOn: string | null;
  reservedCurrency: string | null;
  reservedAmount: string | null;
  owner: string;
  leaseMs: number;
}

/**
 * none -> `in_flight`, or retryable `refused` -> `in_flight` where `previous` is that entry. Undefined: somebody else
 * was faster.
 */
export async function beginAttempt(
  tx: OrgTx,
  attempt: NewAttempt,
  previous: LedgerEntry | undefined,
): Promise<Lease | undefined> {
  const { leaseMs, key, ...facts } = attempt;
  const leaseSeconds = leaseMs / 1_000;
  if (!previous) return (await insertAttempt(tx.db).execute({ ...facts, orgId: tx.orgId, key, leaseSeconds }))[0];
  const lease = { deadline: sql`clock_timestamp() + make_interval(secs => ${leaseSeconds})`, settleAfter: null };
  const isPrevious = and(eq(callKeys.state, 'refused'), eq(callKeys.retryable, true), eq(callKeys.fence, previous.fence));
  const again = {
    state: 'in_flight' as const,
    retryable: false,
    error: null,
    fence: sql`${callKeys.fence} + 1`,
    attempts: sql`${callKeys.attempts} + 1`,
    updatedAt: sql`now()`,
  };
  const set = { ...facts, ...lease, ...again };
  return (
    await tx.db
      .update(callKeys)
      .set(set)
      .where(and(ofKey(tx, key), isPrevious))
      .returning(LEASE)
  )[0];
}

/** Milliseconds for which the lease still holds; undefined when it is over or was taken by another attempt. */
export async function leaseLeftMs(tx: OrgReadTx, lease: Lease): Promise<number | undefined> {
  const rows = await tx.db
    .select({ leftMs: ENTRY_COLUMNS.leaseLeftMs })
    .from(callKeys)
    .where(
      and(ofKey(tx, lease.key), holds(lease), eq(callKeys.state, 'in_flight'), gt(callKeys.deadline, sql`clock_timestamp()`)),
    );
  return rows[0]?.leftMs;
}

/**
 * `in_flight` -> the attempt's outcome. Late knowledge of the same attempt also replaces `maybe`, never what a lookup or
 * a person has said. False: the entry has moved on.
 */
export async function finishAttempt(tx: OrgTx, lease: Lease, outcome: Outcome, settleMs: number): Promise<boolean> {
  if (outcome.state !== 'succeeded') return finishFrom(tx, lease, ['in_flight', 'maybe'], columnsOf(outcome, settleMs));
  const { key, fence, owner } = lease;
  const { result, effectId = null } = outcome;
  const rows = await setSucceeded(tx.db).execute({
    orgId: tx.orgId,
    key,
    fence,
    owner,
    result: result === null ? null : JSON.stringify(result),
    effectId,
  });
  return rows.length > 0;
}

/** `unknown` -> what the provider said to the same attempt, where no person has answered yet. */
export async function finishUnknown(tx: OrgTx, lease: Lease, outcome: Outcome): Promise<boolean> {
  if (outcome.state === 'maybe') return false;
  return finishFrom(tx, lease, ['unknown'], columnsOf(outcome, 0));
}

async function finishFrom(tx: OrgTx, lease: Lease, from: CallState[], columns: object): Promise<boolean> {
  const rows = await tx.db
    .update(callKeys)
    .set({ ...columns, updatedAt: sql`now()` })
    .where(and(ofKey(tx, lease.key), holds(lease), inArray(callKeys.state, from)))
    .returning(RESERVATION);
  await returnIfRefused(tx, rows[0]);
  return rows.length > 0;
}

/** `in_flight` past its deadline -> `maybe`, to be settled after the capability's `settle_ms`. */
export async function expireAttempt(tx: OrgTx, entry: LedgerEntry, settleMs: number): Promise<boolean> {
  const rows = await tx.db
    .update(callKeys)
    .set({
      state: 'maybe',
      settleAfter: sql`${callKeys.deadline} + make_interval(secs => ${settleMs / 1_000})`,
      updatedAt: sql`now()`,
    })
    .where(and(ofEntry(tx, entry), eq(callKeys.state, 'in_flight'), lte(callKeys.deadline, sql`clock_timestamp()`)))
    .returning({ key: callKeys.callId });
  return rows.length > 0;
}

/** Takes the settling of a `maybe` for a while, so that copies do not ask the provider twice. */
export async function claimSettling(tx: OrgTx, entry: LedgerEntry, pauseMs: number): Promise<boolean> {
  const rows = await tx.db
    .update(callKeys)
    .set({ settleAfter: sql`clock_timestamp() + make_interval(secs => ${pauseMs / 1_000})` })
    .where(
      and(
        ofEntry(tx, entry),
        eq(callKeys.state, 'maybe'),
        lte(sql`coalesce(${callKeys.settleAfter}, ${callKeys.deadline})`, sql`clock_timestamp()`),
      ),
    )
    .returning({ key: callKeys.callId });
  return rows.length > 0;
}

/** A `maybe` that cannot be settled for a while. */
export async function postponeSettling(tx: OrgTx, entry: LedgerEntry, forMs: number): Promise<void> {
  await tx.db
    .update(callKeys)
    .set({ settleAfter: sql`clock_timestamp() + make_interval(secs => ${forMs / 1_000})` })
    .where(and(ofEntry(tx, entry), eq(callKeys.state, 'maybe')));
}

/** `maybe` -> what the lookup found, or `unknown`. */
export async function settleEntry(tx: OrgTx, entry: LedgerEntry, to: Outcome | { state: 'unknown' }): Promise<boolean> {
  const columns = to.state === 'unknown' ? { state: 'unknown' as const, settleAfter: null } : columnsOf(to, 0);
  return move(tx, entry, 'maybe', columns);
}

/** `unknown` -> what a person said. */
export async function resolveEntry(tx: OrgTx, entry: LedgerEntry, to: Exclude<Outcome, { state: 'maybe' }>): Promise<boolean> {
  return move(tx, entry, 'unknown', columnsOf(to, 0));
}

async function move(tx: OrgTx, entry: LedgerEntry, from: 'maybe' | 'unknown', columns: object): Promise<boolean> {
  const rows = await tx.db
    .update(callKeys)
    .set({ ...columns, updatedAt: sql`now()` })
    .where(and(ofEntry(tx, entry), eq(callKeys.state, from)))
    .returning(RESERVATION);
  await returnIfRefused(tx, rows[0]);
  return rows.length > 0;
}

function columnsOf(outcome: Outcome, settleMs: number) {
  switch (outcome.state) {
    case 'succeeded':
      return {
        state: outcome.state,
        result: outcome.result,
        providerEffectId: outcome.effectId ?? null,
        retryable: false,
        error: null,
        settleAfter: null,
      };
    case 'refused':
      return {
        state: outcome.state,
        retryable: outcome.refusal.retryable,
        error: refusalToJson(outcome.refusal),
        settleAfter: null,
      };
    case 'maybe':
      return { state: outcome.state, ...settlingTimes(outcome.isOver, settleMs), error: { reason: outcome.reason } };
  }
}

/**
 * A `maybe` is settled `settleMs` after its deadline: until then a request that was given up may still make its effect.
 * Where the provider has ended its work, the lease ends with it.
 */
function settlingTimes(isOver: boolean, settleMs: number): { deadline?: SQL; settleAfter: SQL } {
  const settle = sql`make_interval(secs => ${settleMs / 1_000})`;
  if (!isOver) return { settleAfter: sql`${callKeys.deadline} + ${settle}` };
  return {
    deadline: sql`least(${callKeys.deadline}, clock_timestamp())`,
    settleAfter: sql`clock_timestamp() + ${settle}`,
  };
}

function holds(lease: Lease) {
  return and(eq(callKeys.fence, lease.fence), eq(callKeys.owner, lease.owner));
}

function ofEntry(tx: OrgReadTx, entry: LedgerEntry) {
  return and(ofKey(tx, entry.key), eq(callKeys.fence, entry.fence));
}
