import type { HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { rememberLimit, type ProviderLimit } from '../limits/provider-limit.ts';
import { tellAgentCore } from '../receipts/tell-agent-core.ts';
import { findEntry } from './ledger-entry.ts';
import { finishAttempt, finishUnknown, type Lease } from './ledger.ts';
import { codeOfOutcome, type Outcome } from './outcome.ts';
import { updateReceipt } from './receipt-log.ts';

export interface Ended {
  lease: Lease;
  outcome: Outcome;
  settleMs: number;
  /** The provider's wish to be left alone, where it answered with one. */
  limit?: ProviderLimit | undefined;
  startedAtMs: number;
  /** Units of the provider's limits that its requests took. */
  costUnits: number;
  endedAtMs: number;
}

/**
 * Ledger, receipt and audit of an attempt's end in one transaction; a run that waits for a person's word on it is told
 * that none is needed. False: the entry has moved on meanwhile.
 */
export async function recordOutcome(database: HubDatabase, scope: OrgScope, ended: Ended): Promise<boolean> {
  const { outcome } = ended;
  if (outcome.state === 'succeeded' && (await succeedAtOnce(database, scope, ended, outcome))) return true;
  return database.withOrg(scope, async (tx) => {
    const { lease, outcome, settleMs } = ended;
    const isOpen = await finishAttempt(tx, lease, outcome, settleMs);
    if (!isOpen) {
      if (!(await finishUnknown(tx, lease, outcome))) return false;
      await endWaiting(tx, lease.key, outcome);
    }
    tx.lastly(() => updateReceipt(tx, lease, receiptChange(ended)));
    if (ended.limit) await rememberLimit(tx, ended.limit);
    auditOutcome(tx, lease.key, outcome);
    return true;
  });
}

/** The same in one round trip, where the entry is where its attempt has left it. */
function succeedAtOnce(
  { calls }: HubDatabase,
  scope: OrgScope,
  ended: Ended,
  outcome: Outcome & { state: 'succeeded' },
): Promise<boolean> {
  const { key, fence, owner, createdAt } = ended.lease;
  const { result, effectId = null, code } = outcome;
  const { attempt } = receiptChange(ended);
  const details = code === undefined ? {} : { code };
  return calls.finish(scope, { key, fence, owner, createdAt, result, effectId, attempt, details });
}

async function endWaiting(tx: OrgTx, key: string, outcome: Outcome): Promise<void> {
  const entry = await findEntry(tx, key);
  const resolution = outcome.state === 'succeeded' ? 'happened' : 'did_not_happen';
  if (entry) await tellAgentCore(tx, { callId: key, runId: entry.runId, resolution });
}

function receiptChange({ outcome, startedAtMs, endedAtMs, costUnits }: Ended) {
  const code = codeOfOutcome(outcome);
  return {
    outcome: outcome.state,
    attempt: {
      at: new Date(startedAtMs).toISOString(),
      outcome: outcome.state,
      latency_ms: Math.max(0, Math.round(endedAtMs - startedAtMs)),
      ...(code !== undefined && { code }),
      cost_units: costUnits,
    },
    errorCode: outcome.state === 'refused' ? outcome.refusal.code : null,
    effectId: outcome.state === 'succeeded' ? outcome.effectId : undefined,
  };
}

export function auditOutcome(tx: OrgTx, key: string, outcome: Outcome | { state: 'unknown' }): void {
  const code = outcome.state === 'unknown' ? undefined : codeOfOutcome(outcome);
  tx.audit({
    action: `call.${outcome.state}`,
    objectType: 'call',
    objectId: key,
    allowed: true,
    ...(code !== undefined && { details: { code } }),
  });
}
