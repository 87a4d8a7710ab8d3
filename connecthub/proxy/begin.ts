import { isDeepStrictEqual } from 'node:util';
import type { Policy } from '../../contracts/policy.ts';
import type { HubDatabase, OrgTx } from '../../db/client.ts';
import { budgetLines, dayOf } from '../limits/budget.ts';
import { reserve } from '../limits/reserve.ts';
import { strategyOf } from '../providers/definition.ts';
import type { HeldToken, Tokens } from '../tokens/tokens.ts';
import { useApproval } from './approval.ts';
import { digestOf, scopeOf, type Call } from './call.ts';
import { approvalOf, checkLimits, checkParameters, judgeBy, type Clearance } from './clearance.ts';
import { decideAtOnce, type Decision } from './decide.ts';
import { countDown, type HeldLease } from './lease.ts';
import { beginAttempt } from './ledger.ts';
import { findEntry, type LedgerEntry } from './ledger-entry.ts';
import { nativeKey } from './native-key.ts';
import { nextStep, type NextStep } from './next-step.ts';
import { openReceipt, summarise } from './receipt-log.ts';
import { checkStanding, loadStanding, type Cleared } from './standing.ts';

export interface BeginDeps {
  database: HubDatabase;
  tokens: Pick<Tokens, 'atHand'>;
  /** Id of this copy. */
  owner: string;
}

/** What had to be found out outside of the transaction, for the next try of the same call. */
export interface FoundOut {
  /** The word of rules whose conditions had to be evaluated. */
  judged?: { rules: Policy; decision: Decision };
  token?: HeldToken;
}

/** A call that may go out now. */
export interface Begun {
  clearance: Clearance;
  lease: HeldLease;
  token: HeldToken;
}

export type Beginning =
  | ({ kind: 'begun' } & Begun)
  /** What the ledger says of the call, before anything else is looked at. */
  | Exclude<NextStep, { kind: 'attempt' }>
  /** To be found out first; nothing was changed. */
  | { kind: 'to_judge'; rules: Policy }
  | { kind: 'to_open_token' }
  /** Another copy was faster. */
  | { kind: 'overtaken' };

/** How much longer a lease is than the time in which all of its requests must have ended. */
const LEASE_MARGIN_MS = 2_000;

/**
 * Steps 0 to 2 of a call in one transaction: its key, then everything that must hold before anything is sent, then
 * `in_flight` with the consumed approval, the reservation, the receipt and the audit row. What lets a call go holds at the
 * moment at which it goes. Nothing in here waits for anything but the database.
 *
 * @throws ClancyError with the code of what does not hold; nothing is stored then
 */
export function begin(deps: BeginDeps, call: Call, foundOut: FoundOut): Promise<Beginning> {
  return deps.database.withOrg(scopeOf(call), async (tx): Promise<Beginning> => {
    const [entry, standing] = await Promise.all([findEntry(tx, call.key), loadStanding(tx, call)]);
    const step = stepOf(call, entry);
    if (step.kind !== 'attempt') return step;
    const capability = checkParameters(call);
    const cleared = checkStanding(standing, call, capability);
    const subject = { capability: capability.qualified, risk: capability.definition.risk };
    const decision = foundDecision(foundOut, cleared.rules) ?? decideAtOnce(cleared.rules, subject);
    if (!decision) return { kind: 'to_judge', rules: cleared.rules };
    const judged = judgeBy(call, capability, cleared, decision);
    const approval = await approvalOf(tx, call, judged);
    const cost = checkLimits(call, judged);
    const token = foundToken(foundOut, cleared) ?? deps.tokens.atHand(call.orgId, cleared.token);
    if (!token) return { kind: 'to_open_token' };
    const clearance = { ...judged, cost, ...(approval && { approval }) };
    const lease = await letGo(deps, tx, { call, clearance, previous: entry });
    return lease ? { kind: 'begun', clearance, lease, token } : { kind: 'overtaken' };
  });
}

function stepOf(call: Call, entry: LedgerEntry | undefined): NextStep {
  const definition = call.capability?.definition;
  return nextStep(entry, {
    callId: call.callId,
    key: call.key,
    risk: definition?.risk,
    digest: digestOf(call, definition?.version ?? 0),
    isSameAs: (stored) => stored.capability === call.qualified && stored.digest === digestOf(call, stored.capabilityVersion),
  });
}

/** The policy of a version never changes; were it to, its conditions would be evaluated again. */
function foundDecision({ judged }: FoundOut, rules: Policy): Decision | undefined {
  return isDeepStrictEqual(judged?.rules, rules) ? judged?.decision : undefined;
}

/** A token that was refreshed or replaced meanwhile is none. */
function foundToken({ token }: FoundOut, cleared: Cleared): HeldToken | undefined {
  return token?.version === cleared.token.version ? token : undefined;
}

interface Going {
  call: Call;
  clearance: Clearance;
  previous: LedgerEntry | undefined;
}

/** Step 2. Undefined: another copy was faster. */
async function letGo(deps: BeginDeps, tx: OrgTx, { call, clearance, previous }: Going): Promise<HeldLease | undefined> {
  const { capability, digest, scopes, approval, cost } = clearance;
  const { allowance } = clearance.limits;
  const { definition, qualified, provider } = capability;
  const { employeeId, employeeVersion, runId, initiator } = call.ticket;
  const facts = {
    digest,
    capability: qualified,
    capabilityVersion: definition.version,
    connectionId: call.connectionId,
    employeeId,
    runId,
    approvalId: approval?.id ?? null,
  };
  const leaseMs = definition.timeoutMs + LEASE_MARGIN_MS;
  const counted = countDown(leaseMs);
  const attempt = {
    ...facts,
    key: call.key,
    risk: definition.risk,
    idempotency: strategyOf(definition, scopes),
    nativeKey: nativeKey(call.orgId, call.key),
    owner: deps.owner,
    leaseMs,
    reservedOn: cost ? dayOf(allowance.nowMs) : null,
    reservedCurrency: cost?.money?.currency ?? null,
    reservedAmount: cost?.money?.amount ?? null,
  };
  const lease = await beginAttempt(tx, attempt, previous);
  if (!lease) return undefined;
  if (approval) await useApproval(tx, approval.id, approval.needed);
  // Late, so that the rows at which calls meet are locked for a short time.
  if (cost) await reserve(tx, budgetLines(call.ticket, cost, allowance), allowance.nowMs);
  const people = { employeeVersion, initiatorType: initiator.type, initiatorId: initiator.id };
  const parametersSummary = summarise(call.parameters, provider.definition.tokenPattern);
  tx.lastly(() => openReceipt(tx, lease, { ...facts, ...people, parametersSummary }));
  const details = { capability: qualified, digest };
  tx.audit({ action: 'call.begin', objectType: 'call', objectId: call.key, allowed: true, details });
  return { ...lease, ...counted };
}
