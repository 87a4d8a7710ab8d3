import { ClancyError } from '../../contracts/errors.ts';
import type { BeginCall } from '../../db/calls.ts';
import { budgetLines } from '../limits/budget.ts';
import { slotMsOf } from '../limits/rate.ts';
import type { BeginDeps, Begun } from './begin.ts';
import { scopeOf, tokenRowOfCall, type Call } from './call.ts';
import { countDown } from './lease.ts';
import type { NewAttempt } from './ledger.ts';
import { toAttempt, toReceipt, type Going } from './let-go.ts';
import { makeReady, type FoundOut, type Ready } from './ready.ts';
import type { Standing } from './standing.ts';

/**
 * The same as `begin` in one round trip, for a call that goes well: it is made ready by the standing that was read for the
 * call before, and the database lets it go only if all rows of that standing are as they were, its key is new, and there is
 * room in all limits. Undefined: nothing was changed, and `begin` says what is in the way.
 */
export async function beginAtOnce(deps: BeginDeps, call: Call, foundOut: FoundOut): Promise<Begun | undefined> {
  const standing = deps.standings.find(call);
  const ready = standing && (await readyIfEasy(deps, call, standing, foundOut));
  if (!ready) return undefined;
  const { clearance, token, request, rates } = ready;
  const going = { call, clearance, previous: undefined, owner: deps.owner, rates, inTurn: false };
  const attempt = toAttempt(going);
  const counted = countDown(attempt.leaseMs);
  const facts = factsOf(going, attempt, standing);
  const { outcome, fence, createdAt } = await deps.database.calls.begin(scopeOf(call), facts);
  if (outcome === 'changed') deps.standings.forget(call);
  if (outcome !== 'begun') return undefined;
  return {
    clearance,
    token,
    request,
    files: foundOut.files,
    lease: { key: call.key, fence, owner: deps.owner, createdAt, ...counted },
  };
}

/** Undefined where something is in the way or has to be found out, and where people have to be heard. */
async function readyIfEasy(deps: BeginDeps, call: Call, standing: Standing, foundOut: FoundOut): Promise<Ready | undefined> {
  try {
    const ready = await makeReady(deps, call, { standing, foundOut, approve: async () => undefined });
    return ready.kind === 'ready' && ready.clearance.decision.effect === 'allow' ? ready : undefined;
  } catch (error) {
    // By a standing that may be old: `begin` looks at the present one.
    if (error instanceof ClancyError) return undefined;
    throw error;
  }
}

function factsOf(going: Going, attempt: NewAttempt, { version }: Standing): BeginCall {
  const { call, clearance, rates } = going;
  const { allowance } = clearance.limits;
  const receipt = toReceipt(going, attempt);
  return {
    key: call.key,
    standing: version,
    token_row: tokenRowOfCall(call),
    digest: attempt.digest,
    capability: attempt.capability,
    capability_version: attempt.capabilityVersion,
    connection_id: attempt.connectionId,
    employee_id: attempt.employeeId,
    run_id: attempt.runId,
    risk: attempt.risk,
    idempotency: attempt.idempotency,
    native_key: attempt.nativeKey,
    reserved_on: attempt.reservedOn,
    reserved_currency: attempt.reservedCurrency,
    reserved_amount: attempt.reservedAmount,
    owner: attempt.owner,
    lease_seconds: attempt.leaseMs / 1_000,
    employee_version: receipt.employeeVersion,
    initiator_type: receipt.initiatorType,
    initiator_id: receipt.initiatorId,
    parameters_summary: receipt.parametersSummary,
    rates: rates.map((rate) => ({ ...rate, slotMs: slotMsOf(rate) })),
    callsAtOnce: allowance.quota.calls_at_once,
    lines: clearance.cost ? budgetLines(call.ticket, clearance.cost, allowance) : [],
  };
}
