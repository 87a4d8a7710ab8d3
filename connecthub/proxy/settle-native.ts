import { ClancyError } from '../../contracts/errors.ts';
import { limitIn } from '../limits/provider-limit.ts';
import { createRequestShares } from '../limits/request-shares.ts';
import { isEffect, type EffectCapability } from '../providers/definition.ts';
import type { HeldToken } from '../tokens/tokens.ts';
import type { AttemptDeps } from './attempt.ts';
import { scopeOf, type Call } from './call.ts';
import { clearAgain, standingOf, type ClearanceDeps, type Judged } from './clearance.ts';
import { findEntry, type LedgerEntry } from './ledger-entry.ts';
import type { Found } from './look-up.ts';
import { perform } from './perform.ts';
import { createProviderApi } from './provider-api.ts';
import type { Resend } from './settle.ts';

type ResendDeps = ClearanceDeps & AttemptDeps;

/** Refusals of the moment: the same request may get its answer later. */
const PASSING = new Set(['provider_rate_limited', 'provider_unavailable', 'connection_needs_reauth']);

/**
 * The strategy `native` (design, "Effects happen once", 5): while the provider keeps our key, the same request is sent
 * again with it and gets the first one's answer, if that made its effect, or makes it now. Only for a caller who repeats
 * the call: they have its parameters, whole and of the same digest, and the token and ticket that step 1 looks at.
 * ConnectHub's own job has neither (a receipt keeps parameters cut), so it looks up.
 *
 * Only a yes settles: a no to the second request says nothing of the first.
 */
export function resendOf(deps: ResendDeps, call: Call): Resend {
  return async (entry) => {
    const definition = call.capability?.definition;
    if (!definition || !isEffect(definition) || !isKept(entry, definition)) return undefined;
    const judged = await unlessRefused(() => clearAgain(deps, call));
    if (!judged) return undefined;
    const token = await currentToken(deps, call);
    return token && sendAgain(deps, call, { entry, judged, definition, token });
  };
}

/** Whether the provider still keeps the key when the request has ended at the latest; the mapping must be the same. */
function isKept(
  entry: Pick<LedgerEntry, 'ageMs' | 'capabilityVersion'>,
  { native, version, timeoutMs }: EffectCapability,
): boolean {
  return native !== undefined && entry.capabilityVersion === version && entry.ageMs + timeoutMs < native.windowMs;
}

async function unlessRefused<T>(check: () => Promise<T>): Promise<T | undefined> {
  try {
    return await check();
  } catch (error) {
    if (error instanceof ClancyError) return undefined;
    throw error;
  }
}

function currentToken(deps: ResendDeps, call: Call): Promise<HeldToken | undefined> {
  return unlessRefused(() => deps.tokens.current(call.orgId, call.connectionId));
}

interface Sending {
  entry: LedgerEntry;
  judged: Judged;
  definition: EffectCapability;
  token: HeldToken;
}

async function sendAgain(deps: ResendDeps, call: Call, sending: Sending): Promise<Found | undefined> {
  const { entry, judged, definition, token } = sending;
  const { capability, scopes } = judged;
  const { accessToken, accountId } = token;
  const { timeoutMs } = definition;
  const { limits } = capability.provider;
  const shares = createRequestShares(deps.database, { scope: scopeOf(call), connectionId: call.connectionId, limits });
  const api = createProviderApi(deps.outgoing, capability.provider, {
    accessToken,
    accountId,
    scopes,
    timeoutMs,
    shares,
    breaker: deps.breakers.of(capability.provider.definition.id, call.connectionId),
    subject: { capability: call.qualified, attempt: entry.fence },
  });
  const outcome = await perform({
    capability,
    parameters: call.parameters,
    context: { nativeKey: entry.nativeKey, accountId },
    api,
    accessToken,
    mayStillSend: () => mayStillSend(deps, call, sending),
  });
  if (outcome?.state === 'succeeded') return { ...outcome, code: 'sent_again', costUnits: api.spent() };
  if (outcome?.state === 'maybe') return { state: 'later' };
  if (outcome?.state !== 'refused') return undefined;
  const { code, grant } = outcome.refusal;
  if (grant) await deps.tokens.refused(call.orgId, call.connectionId, token.version, grant);
  if (!PASSING.has(code)) return undefined;
  const limit = limitIn(outcome.refusal, call.connectionId, capability);
  return { state: 'later', ...(limit && { limit, forMs: limit.forMs }) };
}

/** Just before the first byte: the entry is still to be settled by us, the key is still kept, and nobody lost a right. */
async function mayStillSend(deps: ResendDeps, call: Call, { entry, judged, definition }: Sending): Promise<boolean> {
  const standing = await unlessRefused(() =>
    deps.database.withOrgRead(call, async (tx) => {
      await standingOf(tx, call, judged.capability);
      return findEntry(tx, call.key);
    }),
  );
  const isOurs = standing?.state === 'maybe' && standing.fence === entry.fence && standing.settleInMs > 0;
  return isOurs && isKept(standing, definition);
}
