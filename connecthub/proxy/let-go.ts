import type { OrgTx } from '../../db/client.ts';
import { budgetLines, dayOf } from '../limits/budget.ts';
import { tooManyAtOnce } from '../limits/quota-of-calls.ts';
import type { Rate } from '../limits/rate.ts';
import { reserve } from '../limits/reserve.ts';
import { NoShareError, takeShares } from '../limits/shares.ts';
import { strategyOf } from '../providers/definition.ts';
import { useApproval } from './approval.ts';
import type { Call } from './call.ts';
import type { Clearance } from './clearance.ts';
import { countDown, type HeldLease } from './lease.ts';
import { beginAttempt, type Lease, type NewAttempt } from './ledger.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { nativeKey } from './native-key.ts';
import { openReceipt, summarise } from './receipt-log.ts';

/** How much longer a lease is than the time in which all of its requests must have ended. */
const LEASE_MARGIN_MS = 2_000;

export interface Going {
  call: Call;
  clearance: Clearance;
  /** The refused attempt that this one repeats. */
  previous: LedgerEntry | undefined;
  /** What the request that goes out first takes its shares of, and whether it is its turn. */
  rates: readonly Rate[];
  inTurn: boolean;
  /** Id of this copy. */
  owner: string;
}

/** Another copy has begun the call: the transaction is rolled back, with what it reserved. */
export class OvertakenError extends Error {}

/**
 * Step 2 of a call, in the transaction that has just found nothing in its way: `in_flight`, the consumed approval, the
 * shares of rates, the reservation, the receipt and the audit row.
 *
 * @throws OvertakenError, NoShareError, ClancyError `budget_exceeded`, `quota_exceeded`, `calls_limited`, `approval_used`
 */
export async function letGo(tx: OrgTx, going: Going): Promise<HeldLease> {
  const { call, clearance } = going;
  const { digest, capability, approval } = clearance;
  const attempt = toAttempt(going);
  const counted = countDown(attempt.leaseMs);
  if (approval) await useApproval(tx, approval.id, approval.needed);
  const lease = await takeLease(tx, going, attempt);
  tx.lastly(() => openReceipt(tx, lease, toReceipt(going, attempt)));
  const details = { capability: capability.qualified, digest };
  tx.audit({ action: 'call.begin', objectType: 'call', objectId: call.key, allowed: true, details });
  return { ...lease, ...counted };
}

/**
 * Shares and reservation come last, so that the rows at which calls meet are locked for a short time. All three travel
 * together: what one of them took comes back with the transaction.
 */
async function takeLease(tx: OrgTx, going: Going, attempt: NewAttempt): Promise<Lease> {
  const { call, clearance, previous, rates, inTurn } = going;
  const { cost, limits } = clearance;
  const { allowance } = limits;
  const lines = cost ? budgetLines(call.ticket, cost, allowance) : [];
  const [lease, shares, reserved] = await Promise.allSettled([
    beginAttempt(tx, attempt, previous),
    takeShares(tx, rates, inTurn, allowance.quota.calls_at_once),
    reserve(tx, lines, allowance.nowMs),
  ]);
  if (lease.status === 'rejected') throw lease.reason;
  // Whoever was overtaken hears of the other attempt, not of the room that it took.
  if (!lease.value) throw new OvertakenError();
  if (reserved.status === 'rejected') throw reserved.reason;
  if (shares.status === 'rejected') throw shares.reason;
  if (shares.value === 'no_room') throw new NoShareError(rates);
  if (shares.value === 'too_many') throw tooManyAtOnce(allowance.quota);
  return lease.value;
}

/** The ledger's row of a call that goes out. */
export function toAttempt({ call, clearance, owner }: Going): NewAttempt {
  const { capability, digest, scopes, approval, cost, limits } = clearance;
  const { definition, qualified } = capability;
  return {
    key: call.key,
    digest,
    capability: qualified,
    capabilityVersion: definition.version,
    connectionId: call.connectionId,
    employeeId: call.ticket.employeeId,
    runId: call.ticket.runId,
    risk: definition.risk,
    idempotency: strategyOf(definition, scopes),
    nativeKey: nativeKey(call.orgId, call.key),
    approvalId: approval?.id ?? null,
    reservedOn: cost ? dayOf(limits.allowance.nowMs) : null,
    reservedCurrency: cost?.money?.currency ?? null,
    reservedAmount: cost?.money?.amount ?? null,
    owner,
    leaseMs: definition.timeoutMs + LEASE_MARGIN_MS,
  };
}

/** What people are told of it. */
export function toReceipt({ call, clearance }: Going, attempt: NewAttempt) {
  const { digest, capability, capabilityVersion, connectionId, employeeId, runId, approvalId } = attempt;
  const { employeeVersion, initiator, mode } = call.ticket;
  return {
    digest,
    capability,
    capabilityVersion,
    connectionId,
    employeeId,
    runId,
    mode,
    approvalId,
    employeeVersion,
    initiatorType: initiator.type,
    initiatorId: initiator.id,
    parametersSummary: summarise(call.parameters, clearance.capability.provider.definition.tokenPattern),
  };
}
