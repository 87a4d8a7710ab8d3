import type { HubDatabase, OrgScope } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Breakers } from '../limits/breaker.ts';
import { rememberLimit } from '../limits/provider-limit.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { isEffect, settleMsOf } from '../providers/definition.ts';
import type { Registry } from '../providers/registry.ts';
import type { Tokens } from '../tokens/tokens.ts';
import { claimSettling, expireAttempt, postponeSettling, settleEntry } from './ledger.ts';
import { findEntry, type LedgerEntry } from './ledger-entry.ts';
import { lookUp, type Found, type Later } from './look-up.ts';
import { updateReceipt } from './receipt-log.ts';
import { auditOutcome } from './record.ts';
import { codeOfOutcome } from './outcome.ts';
import { sealOutcome } from './sealed-result.ts';

/** What a caller who repeats the call can do before it is looked up. Undefined: it settled nothing. */
export type Resend = (entry: LedgerEntry) => Promise<Found | undefined>;

export interface SettleDeps {
  database: HubDatabase;
  outgoing: OutgoingClient;
  tokens: Tokens;
  secretBox: Pick<SecretBox, 'sealerOf'>;
  breakers: Breakers;
  registry: Registry;
  owner: string;
  clock: () => Date;
  logger: Pick<Logger, 'error'>;
}

/** Until a lookup that could not be made is tried again; longer than one lookup takes. */
const PAUSE_MS = 15_000;
/** Whoever repeats a call with a key of the provider's can do more than look it up: they come first. */
const HEAD_START_MS = 10_000;
/** A lookup that could not be made for this long: a person is asked instead. */
const GIVE_UP_MS = 3_600_000;

/**
 * Brings a call whose outcome is not known one step further: `in_flight` past its deadline to `maybe`, a `maybe` whose
 * time has come to `succeeded`, `refused` or `unknown`: by `resend` where it is given and settles it, else by lookup.
 * Does nothing where another copy is at it.
 */
export async function settleCall(deps: SettleDeps, orgId: string, key: string, resend?: Resend): Promise<void> {
  const entry = await deps.database.withOrgRead({ orgId }, (tx) => findEntry(tx, key));
  if (entry?.state === 'in_flight' && entry.leaseLeftMs <= 0) return expire(deps, orgId, entry);
  if (entry?.state !== 'maybe' || entry.settleInMs > 0) return;
  const isLeftToCaller = !resend && isEffectOfNative(entry) && entry.settleInMs > -HEAD_START_MS;
  if (!isLeftToCaller) return settle(deps, orgId, entry, resend);
}

function isEffectOfNative({ idempotency, risk }: LedgerEntry): boolean {
  return idempotency === 'native' && risk !== 'read';
}

async function expire(deps: SettleDeps, orgId: string, entry: LedgerEntry): Promise<void> {
  const definition = (await deps.registry.of(orgId).capability(entry.capability))?.definition;
  const settleMs = definition ? settleMsOf(definition) : 0;
  await deps.database.withOrg(scope(deps, orgId), async (tx) => {
    if (!(await expireAttempt(tx, entry, settleMs))) return;
    const attempt = { at: deps.clock().toISOString(), outcome: 'maybe', latency_ms: 0, code: 'lease_expired' };
    await updateReceipt(tx, entry, { outcome: 'maybe', attempt });
    auditOutcome(tx, entry.key, { state: 'maybe', reason: 'lease_expired', isOver: false });
  });
}

async function settle(deps: SettleDeps, orgId: string, entry: LedgerEntry, resend: Resend | undefined): Promise<void> {
  // Sending again comes before looking: together they may take twice as long.
  const isOurs = await claim(deps, orgId, entry, resend ? 2 * PAUSE_MS : PAUSE_MS);
  if (!isOurs) return;
  const startedAtMs = deps.clock().getTime();
  const found = (await resend?.(entry)) ?? (await findOut(deps, orgId, entry));
  if (found.state === 'later') return postpone(deps, orgId, entry, found);
  const latencyMs = deps.clock().getTime() - startedAtMs;
  const sealed = sealOutcome(await deps.secretBox.sealerOf(orgId), orgId, entry.key, found);
  await deps.database.withOrg(scope(deps, orgId), async (tx) => {
    if (!(await settleEntry(tx, entry, sealed))) return;
    const code = found.state === 'unknown' ? found.reason : (codeOfOutcome(found) ?? 'found_by_lookup');
    const at = new Date(startedAtMs).toISOString();
    const attempt = { at, outcome: found.state, latency_ms: latencyMs, code, cost_units: found.costUnits ?? 0 };
    const effectId = found.state === 'succeeded' ? found.effectId : undefined;
    await updateReceipt(tx, entry, {
      outcome: found.state,
      attempt,
      effectId,
      errorCode: found.state === 'unknown' ? 'outcome_unknown' : null,
    });
    auditOutcome(tx, entry.key, found);
  });
}

async function claim(deps: SettleDeps, orgId: string, entry: LedgerEntry, pauseMs: number): Promise<boolean> {
  return deps.database.withOrg(scope(deps, orgId), async (tx) => {
    const hit = await claimSettling(tx, entry, pauseMs);
    if (hit) tx.audit({ action: 'call.settle', objectType: 'call', objectId: entry.key, allowed: true });
    return hit;
  });
}

/** Not before the provider wants to be asked again; what it has just said counts for calls too. */
async function postpone(deps: SettleDeps, orgId: string, entry: LedgerEntry, { forMs, limit }: Later): Promise<void> {
  if (forMs === undefined) return;
  await deps.database.withOrg(scope(deps, orgId), async (tx) => {
    await postponeSettling(tx, entry, Math.max(forMs, PAUSE_MS));
    if (limit) await rememberLimit(tx, limit);
    tx.audit({ action: 'call.postpone', objectType: 'call', objectId: entry.key, allowed: true });
  });
}

async function findOut(deps: SettleDeps, orgId: string, entry: LedgerEntry): Promise<Found> {
  if (entry.risk === 'read') {
    return { state: 'refused', refusal: { code: 'provider_unavailable', reason: 'no_answer', retryable: true } };
  }
  const capability = await deps.registry.of(orgId).capability(entry.capability);
  if (!capability || !isEffect(capability.definition)) return { state: 'unknown', reason: 'capability_gone' };
  const found = await lookUp(deps, orgId, entry, { ...capability, definition: capability.definition });
  if (found.state === 'later' && -entry.leaseLeftMs > GIVE_UP_MS) return { state: 'unknown', reason: 'lookup_impossible' };
  return found;
}

/** Settles what nobody repeats. Returns how many calls were looked at. */
export async function settleStaleCalls(deps: SettleDeps, limit: number): Promise<number> {
  const stale = await deps.database.jobs.staleCalls(limit);
  for (const { orgId, callId } of stale) {
    await settleCall(deps, orgId, callId).catch((error: unknown) => {
      // One that cannot be settled must not keep the others waiting.
      deps.logger.error({ err: error, org_id: orgId, call_id: callId }, 'a call could not be settled');
    });
  }
  return stale.length;
}

function scope(deps: SettleDeps, orgId: string): OrgScope {
  return { orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
}
