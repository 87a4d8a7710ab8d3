import { and, eq, inArray, sql } from 'drizzle-orm';
import { callKeys } from '../../db/schema/hub/call-keys.ts';
import { statement } from '../../db/statement.ts';

/** The two changes of the ledger that every call makes which goes well, prepared. */

export const LEASE = { key: callKeys.callId, fence: callKeys.fence, owner: callKeys.owner, createdAt: callKeys.createdAt };

/** none -> `in_flight`; no row where the key is known. */
export const insertAttempt = statement((db) =>
  db
    .insert(callKeys)
    .values({
      orgId: sql.placeholder('orgId'),
      callId: sql.placeholder('key'),
      digest: sql.placeholder('digest'),
      capability: sql.placeholder('capability'),
      capabilityVersion: sql.placeholder('capabilityVersion'),
      connectionId: sql.placeholder('connectionId'),
      employeeId: sql.placeholder('employeeId'),
      runId: sql.placeholder('runId'),
      risk: sql.placeholder('risk'),
      idempotency: sql.placeholder('idempotency'),
      nativeKey: sql.placeholder('nativeKey'),
      approvalId: sql.placeholder('approvalId'),
      reservedOn: sql.placeholder('reservedOn'),
      reservedCurrency: sql.placeholder('reservedCurrency'),
      reservedAmount: sql.placeholder('reservedAmount'),
      owner: sql.placeholder('owner'),
      deadline: sql`clock_timestamp() + make_interval(secs => ${sql.placeholder('leaseSeconds')})`,
    })
    .onConflictDoNothing()
    .returning(LEASE)
    .prepare('insert_attempt'),
);

/** `in_flight` or `maybe` -> `succeeded`, for whoever holds the fence. */
export const setSucceeded = statement((db) =>
  db
    .update(callKeys)
    .set({
      state: 'succeeded',
      result: sql`${sql.placeholder('result')}::jsonb`,
      providerEffectId: sql`${sql.placeholder('effectId')}`,
      retryable: false,
      error: null,
      settleAfter: null,
      updatedAt: sql`now()`,
    })
    .where(
      and(
        eq(callKeys.orgId, sql.placeholder('orgId')),
        eq(callKeys.callId, sql.placeholder('key')),
        eq(callKeys.fence, sql.placeholder('fence')),
        eq(callKeys.owner, sql.placeholder('owner')),
        inArray(callKeys.state, ['in_flight', 'maybe']),
      ),
    )
    .returning({ key: callKeys.callId })
    .prepare('set_succeeded'),
);
