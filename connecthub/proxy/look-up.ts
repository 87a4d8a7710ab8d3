import { and, eq } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { providerLimitColumn } from '../limits/allowance.ts';
import type { Breakers } from '../limits/breaker.ts';
import { limitIn, type ProviderLimit } from '../limits/provider-limit.ts';
import { createRequestShares } from '../limits/request-shares.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import { canLookUp, type EffectCapability, type ProviderReader } from '../providers/definition.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import type { Capability } from '../providers/registry.ts';
import type { HeldToken, Tokens } from '../tokens/tokens.ts';
import type { LedgerEntry } from './ledger-entry.ts';
import type { Outcome } from './outcome.ts';
import { effectOf } from './perform.ts';
import { createProviderApi, type ProviderApi } from './provider-api.ts';
import { readReceiptFacts, readSummary } from './receipt-log.ts';
import { scrub } from './scrub.ts';

export interface LookUpDeps {
  database: HubDatabase;
  outgoing: OutgoingClient;
  tokens: Tokens;
  breakers: Breakers;
  /** Id of this copy. */
  owner: string;
}

/** `later`: the provider could not be asked right now; where it said for how long, not before. */
export type Found = (Exclude<Outcome, { state: 'maybe' }> | { state: 'unknown'; reason: string } | Later) & {
  /** Units of the provider's limits that finding out took. */
  costUnits?: number;
};

export interface Later {
  state: 'later';
  forMs?: number;
  /** What the provider has just asked for. */
  limit?: ProviderLimit | undefined;
}

type EffectOf = Capability & { definition: EffectCapability };

/** Words of a provider after which asking again may help. */
const PASSING = new Set(['provider_rate_limited', 'provider_unavailable', 'connection_needs_reauth']);

/** Looks for the marker of a call's effect at the provider. */
export async function lookUp(deps: LookUpDeps, orgId: string, entry: LedgerEntry, capability: EffectOf): Promise<Found> {
  const { scopes, providerLimit } = await connectionOf(deps, orgId, entry);
  const summary = await deps.database.withOrgRead({ orgId }, (tx) => readReceiptFacts(tx, entry));
  if (!canLookUp(capability.definition, scopes) || !summary) return { state: 'unknown', reason: 'no_lookup' };
  if (providerLimit) return { state: 'later', forMs: providerLimit.left_ms };
  try {
    const token = await deps.tokens.current(orgId, entry.connectionId);
    return await search(deps, { orgId, entry, capability, scopes, token, summary: summary.summary });
  } catch (error) {
    if (!(error instanceof ClancyError)) throw error;
    if (error.code === 'connection_missing') return { state: 'unknown', reason: error.code };
    return { state: 'later' };
  }
}

/** What is found, with what that took. */
async function search(deps: LookUpDeps, wanted: Search): Promise<Found> {
  const api = apiOf(deps, wanted);
  const found = await find(deps, wanted, api.reader);
  return { ...found, costUnits: api.spent() };
}

interface Search {
  orgId: string;
  entry: LedgerEntry;
  capability: EffectOf;
  scopes: string[];
  token: HeldToken;
  summary: string;
}

function apiOf(deps: LookUpDeps, { orgId, capability, entry, token, scopes }: Search): ProviderApi {
  const { accessToken, accountId } = token;
  const scope: OrgScope = { orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
  const { limits } = capability.provider;
  return createProviderApi(deps.outgoing, capability.provider, {
    accessToken,
    accountId,
    scopes,
    timeoutMs: capability.definition.timeoutMs,
    shares: createRequestShares(deps.database, { scope, connectionId: entry.connectionId, limits }),
    breaker: deps.breakers.of(capability.provider.definition.id, entry.connectionId),
    subject: { capability: entry.capability, attempt: entry.fence },
  });
}

async function find(deps: LookUpDeps, wanted: Search, reader: ProviderReader): Promise<Found> {
  const { capability, entry, token } = wanted;
  const { definition } = capability;
  const { accessToken, accountId } = token;
  try {
    const given = readSummary(wanted.summary);
    const prepare = definition.lookup?.byMarkerAlone === true ? undefined : definition.prepare;
    const parameters = prepare ? await prepare(given, reader) : given;
    const context = { reader, accountId, nativeKey: entry.nativeKey, sinceMs: entry.createdAt.getTime() };
    const found = await definition.lookup?.find(parameters, context);
    if (found === undefined) return notFound();
    const result = scrub(capability.output.cut(found), capability.provider.definition.tokenPattern, [accessToken]);
    return { state: 'succeeded', result, ...effectOf(definition, result) };
  } catch (error) {
    if (!(error instanceof ProviderRefusal)) throw error;
    const { code, grant, reason } = error.refusal;
    if (grant) await deps.tokens.refused(wanted.orgId, entry.connectionId, token.version, grant);
    if (!PASSING.has(code)) return { state: 'unknown', reason };
    const limit = limitIn(error.refusal, entry.connectionId, capability);
    return { state: 'later', ...(limit && { limit, forMs: limit.forMs }) };
  }
}

/** It provably did not happen: the same call may go out again. */
function notFound(): Found {
  return { state: 'refused', refusal: { code: 'provider_unavailable', reason: 'not_found_by_lookup', retryable: true } };
}

async function connectionOf(deps: LookUpDeps, orgId: string, { connectionId, capability }: LedgerEntry) {
  const providerLimit = providerLimitColumn(orgId, { connectionId, capability });
  const rows = await deps.database.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select({ scopes: connections.scopes, providerLimit })
      .from(connections)
      .where(and(eq(connections.orgId, orgId), eq(connections.connectionId, connectionId))),
  );
  return rows[0] ?? { scopes: [], providerLimit: null };
}
