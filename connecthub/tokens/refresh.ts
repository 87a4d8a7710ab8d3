import { and, eq, isNull, lt, ne, or, sql } from 'drizzle-orm';
import type { HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { exchangeRefreshToken, TOKEN_TIMEOUT_MS } from '../oauth/exchange.ts';
import type { Logger } from '../../platform/logger.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import { tellOfConnection } from '../connections/tell-of-connection.ts';
import { withPatience } from '../patience.ts';
import type { Refusal, TokenAnswer } from '../providers/definition.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import { asksForConsent, type Registry } from '../providers/registry.ts';
import type { ConnectionToken } from './connection-token.ts';
import { expiryOf } from './expiry.ts';
import { openToken, sealTokens } from './seal.ts';

/** Longer than the HTTP time-out: while the lease stands, its holder may still be talking to the provider. */
const LEASE_MS = TOKEN_TIMEOUT_MS + 4_000;
/** After a failure nobody asks for a while: twice as long after each further one, each connection for a slightly different one. */
const COOL_DOWN_MS = 3_000;
const LONGEST_COOL_DOWN_MS = 60_000;

export interface RefreshDeps {
  database: HubDatabase;
  secretBox: SecretBox;
  outgoing: OutgoingClient;
  registry: Registry;
  logger: Pick<Logger, 'warn'>;
  /** Id of this copy. */
  owner: string;
  /** 0 to 1. */
  random: () => number;
}

export type RefreshOutcome = 'refreshed' | 'dead' | 'failed' | 'busy';
/** Refreshes the tokens of a row that was just read. */
export type Refresh = (orgId: string, row: ConnectionToken) => Promise<RefreshOutcome>;

/**
 * Refreshes a connection's tokens unless another copy is at it. Holds no database connection while the provider is
 * asked; a database that is away for a moment then does not lose its answer. A process that is killed between the
 * provider's decision and the commit loses a single-use refresh token, since nobody else was ever told the new one: the
 * next copy asks once with the old one. Providers that let it pass for a while give another; of the others the
 * connection needs a person (docs/providers.md, "When a refresh is interrupted").
 */
export async function refreshConnection(deps: RefreshDeps, orgId: string, row: ConnectionToken): Promise<RefreshOutcome> {
  if (row.refreshToken === null) {
    await markDead(deps, orgId, row, 'no_refresh_token');
    return 'dead';
  }
  const askedAtMs = performance.now();
  const wasLeft = row.isRefreshing;
  if (!(await takeLease(deps, orgId, row))) return 'busy';
  try {
    const answer = await askProvider(deps, orgId, row, row.refreshToken);
    // Where the provider rotates, it has ended the old token: the new one is had once.
    await withPatience(() => store(deps, orgId, row, answer), { forMs: askedAtMs + LEASE_MS - performance.now() });
    return 'refreshed';
  } catch (error) {
    const isDead = error instanceof ProviderRefusal && error.refusal.grant === 'dead';
    if (!(error instanceof ProviderRefusal)) throw error;
    await (isDead
      ? markDead(deps, orgId, row, wasLeft ? 'refresh_interrupted' : error.refusal.reason)
      : coolDown(deps, orgId, row, error.refusal));
    return isDead ? 'dead' : 'failed';
  }
}

async function askProvider(deps: RefreshDeps, orgId: string, row: ConnectionToken, sealed: string): Promise<TokenAnswer> {
  const provider = await deps.registry.of(orgId).provider(row.provider);
  if (!provider || !asksForConsent(provider))
    throw new ProviderRefusal({ code: 'provider_unavailable', reason: 'not_configured', retryable: true });
  const refreshToken = await openToken(deps.secretBox, { orgId, connectionId: row.connectionId }, 'refresh_token', sealed);
  const { tokens } = await exchangeRefreshToken(deps.outgoing, provider, refreshToken);
  // Without rotation the answer has no refresh token and the old one stays.
  return { refreshToken, ...tokens };
}

async function takeLease(deps: RefreshDeps, orgId: string, row: ConnectionToken): Promise<boolean> {
  const isFree = or(isNull(connections.refreshUntil), lt(connections.refreshUntil, sql`now()`));
  return change(deps, orgId, row, 'connection.refresh_begin', async (tx) =>
    tx.db
      .update(connections)
      .set({ refreshOwner: deps.owner, refreshUntil: sql`now() + make_interval(secs => ${LEASE_MS / 1_000})` })
      .where(and(sameVersion(orgId, row), isFree))
      .returning({ id: connections.connectionId }),
  );
}

/** By the version alone: whoever was paused for longer than its lease still has newer tokens than the row. */
async function store(deps: RefreshDeps, orgId: string, row: ConnectionToken, answer: TokenAnswer): Promise<boolean> {
  const sealed = await sealTokens(deps.secretBox, orgId, row.connectionId, answer);
  return change(deps, orgId, row, 'connection.refresh', async (tx) =>
    tx.db
      .update(connections)
      .set({
        ...sealed,
        ...expiryOf(answer, deps.random()),
        tokenVersion: row.version + 1,
        status: 'active',
        refreshOwner: null,
        refreshUntil: null,
        refreshFailures: 0,
        updatedAt: sql`now()`,
      })
      .where(and(sameVersion(orgId, row), ne(connections.status, 'disconnected')))
      .returning({ id: connections.connectionId }),
  );
}

/** Only where the row is still the one that was refused: a reconnect in between has newer tokens. */
export async function markDead(
  deps: Pick<RefreshDeps, 'database' | 'owner'>,
  orgId: string,
  row: DeadToken,
  reason: string,
): Promise<boolean> {
  return change(deps, orgId, row, 'connection.needs_reauth', async (tx) => {
    const dead = await tx.db
      .update(connections)
      .set({ status: 'needs_reauth', refreshOwner: null, refreshUntil: null, refreshFailures: 0, updatedAt: sql`now()` })
      .where(and(sameVersion(orgId, row), eq(connections.status, 'active')))
      .returning({ id: connections.connectionId });
    if (dead.length > 0) await tellOfConnection(tx, row.connectionId, reason);
    return dead;
  });
}

async function coolDown(
  deps: RefreshDeps,
  orgId: string,
  row: ConnectionToken,
  { retryAfterMs = 0 }: Pick<Refusal, 'retryAfterMs'>,
): Promise<boolean> {
  const jitter = 0.5 + deps.random();
  const pauseMs = sql`greatest(${retryAfterMs}::float8,
    ${jitter}::float8 * least(${LONGEST_COOL_DOWN_MS}::float8, ${COOL_DOWN_MS} * 2 ^ least(${connections.refreshFailures}, 10)))`;
  return change(deps, orgId, row, 'connection.refresh_failed', async (tx) =>
    tx.db
      .update(connections)
      .set({
        refreshOwner: null,
        refreshUntil: sql`now() + make_interval(secs => ${pauseMs} / 1000)`,
        refreshFailures: sql`${connections.refreshFailures} + 1`,
      })
      .where(and(sameVersion(orgId, row), eq(connections.refreshOwner, deps.owner)))
      .returning({ id: connections.connectionId }),
  );
}

type DeadToken = Pick<ConnectionToken, 'connectionId' | 'version'>;

function sameVersion(orgId: string, row: DeadToken) {
  return and(
    eq(connections.orgId, orgId),
    eq(connections.connectionId, row.connectionId),
    eq(connections.tokenVersion, row.version),
  );
}

/** One conditional update with its audit row; whether it hit. */
async function change(
  deps: Pick<RefreshDeps, 'database' | 'owner'>,
  orgId: string,
  row: DeadToken,
  action: string,
  update: (tx: OrgTx) => Promise<unknown[]>,
): Promise<boolean> {
  const scope: OrgScope = { orgId, actor: { type: 'system', id: 'connecthub' }, source: deps.owner };
  return deps.database.withOrg(scope, async (tx) => {
    const hit = (await update(tx)).length > 0;
    if (hit) tx.audit({ action, objectType: 'connection', objectId: row.connectionId, allowed: true });
    return hit;
  });
}
