import type { HubDatabase } from '../../db/client.ts';
import type { Logger } from '../../platform/logger.ts';
import type { Breakers } from '../limits/breaker.ts';
import { limitIn } from '../limits/provider-limit.ts';
import { createRequestShares } from '../limits/request-shares.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import type { Seal, SecretBox } from '../../platform/secrets/secret-box.ts';
import { suspendCapability } from '../own-providers/suspend.ts';
import { isEffect, settleMsOf } from '../providers/definition.ts';
import { withPatience } from '../patience.ts';
import type { Tokens } from '../tokens/tokens.ts';
import type { Begun } from './begin.ts';
import { scopeOf, tokenRowOfCall, type Call } from './call.ts';
import { leaseLeftMs } from './ledger.ts';
import type { Outcome } from './outcome.ts';
import { perform } from './perform.ts';
import { createProviderApi } from './provider-api.ts';
import { contextOf } from './ready.ts';
import { recordOutcome } from './record.ts';
import { sealOutcome } from './sealed-result.ts';

export interface AttemptDeps {
  database: HubDatabase;
  outgoing: OutgoingClient;
  tokens: Tokens;
  secretBox: Pick<SecretBox, 'sealerOf'>;
  breakers: Breakers;
  clock: () => Date;
  logger: Pick<Logger, 'error'>;
}

/** The provider's word is had once: a database that is away for a moment must not lose it. */
const RECORD_FOR_MS = 10_000;
/** A lease that was taken this short a time ago was not lost since. */
const YOUNG_LEASE_MS = 1_000;

/** Step 3 of a call: sent, and its outcome recorded. Undefined: another copy took over. */
export async function attempt(deps: AttemptDeps, call: Call, begun: Begun, seal: Seal): Promise<Outcome | undefined> {
  const { lease, token, clearance } = begun;
  const startedAtMs = deps.clock().getTime();
  const { outcome, costUnits } = await send(deps, call, begun);
  if (!outcome) return undefined;
  const settleMs = settleMsOf(clearance.capability.definition);
  const limit = outcome.state === 'refused' ? limitIn(outcome.refusal, call.connectionId, clearance.capability) : undefined;
  const ended = { lease, outcome, settleMs, limit, startedAtMs, costUnits, endedAtMs: deps.clock().getTime() };
  const record = async () => {
    // By the newest key that can be had, or else by the one from before.
    const newest = await deps.secretBox.sealerOf(call.orgId).catch(() => seal);
    return recordOutcome(deps.database, scopeOf(call), { ...ended, outcome: sealOutcome(newest, call.orgId, call.key, outcome) });
  };
  const isRecorded = await withPatience(record, { forMs: RECORD_FOR_MS });
  if (!isRecorded)
    deps.logger.error(
      { call_id: call.key, fence: lease.fence, outcome: outcome.state },
      'an outcome came after its call was settled',
    );
  if (outcome.state === 'refused' && outcome.refusal.grant) {
    await deps.tokens.refused(call.orgId, tokenRowOfCall(call), token.version, outcome.refusal.grant);
  }
  if (outcome.state === 'refused' && outcome.refusal.code === 'capability_suspended') {
    await suspendCapability(deps.database, scopeOf(call), clearance.capability);
  }
  return outcome;
}

interface Sent {
  /** Undefined: the lease was lost before anything was sent. */
  outcome: Outcome | undefined;
  costUnits: number;
}

async function send(deps: AttemptDeps, call: Call, begun: Begun): Promise<Sent> {
  const { lease, request, token } = begun;
  const { capability, scopes } = begun.clearance;
  const { accessToken, accountId } = token;
  const shares = createRequestShares(deps.database, {
    scope: scopeOf(call),
    connectionId: call.connectionId,
    limits: capability.provider.limits,
    first: request && { request, ageMs: lease.ageMs },
  });
  const api = createProviderApi(deps.outgoing, capability.provider, {
    accessToken,
    accountId,
    scopes,
    timeoutMs: capability.definition.timeoutMs,
    shares,
    breaker: deps.breakers.of(capability.provider.definition.id, call.connectionId),
    subject: { capability: call.qualified, attempt: lease.fence },
  });
  const outcome = await perform({
    capability,
    parameters: call.parameters,
    request,
    context: contextOf(call, token, begun.files),
    api,
    accessToken,
    mayStillSend: async () => {
      const leftMs = await leftOf(deps, call, begun);
      if (leftMs !== undefined) api.limit(leftMs);
      return leftMs !== undefined;
    },
  });
  return { outcome, costUnits: api.spent() };
}

/**
 * The fence just before the first byte; undefined: the lease is lost. Others can take a lease only once its deadline is
 * over. So where nothing was asked of the provider since the commit that took it, and this machine's clocks say that
 * this was a moment ago, that commit is the answer, and the database would only be asked the same question twice.
 * A read, which makes no effect, is held to the time of its lease and no more.
 */
async function leftOf(deps: AttemptDeps, call: Call, { lease, clearance }: Begun): Promise<number | undefined> {
  const { definition } = clearance.capability;
  const isJustTaken = !('prepare' in definition && definition.prepare) && lease.ageMs() < YOUNG_LEASE_MS;
  if (isJustTaken || !isEffect(definition)) return lease.leftMs();
  return deps.database.withOrgRead(call, (tx) => leaseLeftMs(tx, lease));
}
