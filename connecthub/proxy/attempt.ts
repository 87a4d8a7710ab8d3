import type { HubDatabase, OrgScope } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import { budgetLines, dayOf } from '../limits/budget.ts';
import { limitIn } from '../limits/provider-limit.ts';
import { reserve } from '../limits/reserve.ts';
import type { OutgoingClient } from '../outgoing/client.ts';
import { settleMsOf, strategyOf } from '../providers/definition.ts';
import { withPatience } from '../patience.ts';
import type { HeldToken, Tokens } from '../tokens/tokens.ts';
import { consumeApproval } from './approval.ts';
import type { Call } from './call.ts';
import { standingOf, type Clearance } from './clearance.ts';
import { beginAttempt, leaseLeftMs, type Lease } from './ledger.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import { nativeKey } from './native-key.ts';
import type { Outcome } from './outcome.ts';
import { perform } from './perform.ts';
import { createProviderApi } from './provider-api.ts';
import { openReceipt, summarise } from './receipt-log.ts';
import { recordOutcome } from './record.ts';

export interface AttemptDeps {
  database: HubDatabase;
  outgoing: OutgoingClient;
  tokens: Tokens;
  /** Id of this copy. */
  owner: string;
  clock: () => Date;
  logger: Pick<Logger, 'error'>;
}

/** How much longer a lease is than the time in which all of its requests must have ended. */
const LEASE_MARGIN_MS = 2_000;
/** The provider's word is had once: a database that is away for a moment must not lose it. */
const RECORD_FOR_MS = 10_000;

/**
 * Steps 2 and 3 of a cleared call: `in_flight`, send, outcome. Undefined: another copy was faster, or took over.
 */
export async function attempt(
  deps: AttemptDeps,
  call: Call,
  clearance: Clearance,
  previous: LedgerEntry | undefined,
): Promise<Outcome | undefined> {
  const token = await deps.tokens.current(call.orgId, call.connectionId);
  const startedAtMs = deps.clock().getTime();
  const lease = await begin(deps, call, clearance, previous);
  if (!lease) return undefined;
  const outcome = await send(deps, call, clearance, lease, token);
  if (!outcome) return undefined;
  const settleMs = settleMsOf(clearance.capability.definition);
  const limit = outcome.state === 'refused' ? limitIn(outcome.refusal, call.connectionId, clearance.capability) : undefined;
  const ended = { lease, outcome, settleMs, limit, startedAtMs, endedAtMs: deps.clock().getTime() };
  const record = () => recordOutcome(deps.database, scopeOf(call), ended);
  const isRecorded = await withPatience(record, { forMs: RECORD_FOR_MS });
  if (!isRecorded)
    deps.logger.error(
      { call_id: call.key, fence: lease.fence, outcome: outcome.state },
      'an outcome came after its call was settled',
    );
  if (outcome.state === 'refused' && outcome.refusal.grant) {
    await deps.tokens.refused(call.orgId, call.connectionId, token.version, outcome.refusal.grant);
  }
  return outcome;
}

export function scopeOf(call: Call): OrgScope {
  return { orgId: call.orgId, actor: { type: 'agent', id: call.agent.employeeId }, source: call.source };
}

/** `in_flight`, the consumed approval, the reservation, the receipt and the audit row: one transaction, nothing sent before. */
function begin(
  deps: AttemptDeps,
  call: Call,
  clearance: Clearance,
  previous: LedgerEntry | undefined,
): Promise<Lease | undefined> {
  const { capability, digest, approval, cost } = clearance;
  return deps.database.withOrg(scopeOf(call), async (tx) => {
    const { scopes, allowance } = await standingOf(tx, call, capability);
    const facts = {
      digest,
      capability: capability.qualified,
      capabilityVersion: capability.definition.version,
      connectionId: call.connectionId,
      employeeId: call.ticket.employeeId,
      runId: call.ticket.runId,
      approvalId: approval?.id ?? null,
    };
    const { risk, timeoutMs } = capability.definition;
    const lease = await beginAttempt(
      tx,
      {
        ...facts,
        key: call.key,
        risk,
        idempotency: strategyOf(capability.definition, scopes),
        nativeKey: nativeKey(call.orgId, call.key),
        owner: deps.owner,
        leaseMs: timeoutMs + LEASE_MARGIN_MS,
        reservedOn: cost ? dayOf(allowance.nowMs) : null,
        reservedCurrency: cost?.money?.currency ?? null,
        reservedAmount: cost?.money?.amount ?? null,
      },
      previous,
    );
    if (!lease) return undefined;
    if (approval) await consumeApproval(tx, approval.id, approval.needed, approval.ask);
    const { initiator, employeeVersion } = call.ticket;
    await openReceipt(tx, lease, {
      ...facts,
      employeeVersion,
      initiatorType: initiator.type,
      initiatorId: initiator.id,
      parametersSummary: summarise(call.parameters, capability.provider.definition.tokenPattern),
    });
    // Last, so that the rows at which calls meet are locked for the shortest time.
    if (cost) await reserve(tx, budgetLines(call.ticket, cost, allowance), allowance.nowMs);
    tx.audit({
      action: 'call.begin',
      objectType: 'call',
      objectId: call.key,
      allowed: true,
      details: { capability: capability.qualified, digest },
    });
    return lease;
  });
}

async function send(
  deps: AttemptDeps,
  call: Call,
  clearance: Clearance,
  lease: Lease,
  token: HeldToken,
): Promise<Outcome | undefined> {
  const { capability, scopes } = clearance;
  const { accessToken, accountId } = token;
  const api = createProviderApi(deps.outgoing, capability.provider, {
    accessToken,
    accountId,
    scopes,
    timeoutMs: capability.definition.timeoutMs,
  });
  return perform({
    capability,
    parameters: call.parameters,
    context: { nativeKey: nativeKey(call.orgId, call.key), accountId },
    api,
    accessToken,
    mayStillSend: async () => {
      const leftMs = await deps.database.withOrgRead(call, (tx) => leaseLeftMs(tx, lease));
      if (leftMs !== undefined) api.limit(leftMs);
      return leftMs !== undefined;
    },
  });
}
