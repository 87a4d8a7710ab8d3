import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import type { HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { exchangeRefreshToken, TOKEN_TIMEOUT_MS } from '../oauth/exchange.ts';
import type { OutgoingClient } from '../../platform/outgoing/client.ts';
import { withPatience } from '../patience.ts';
import type { TokenAnswer } from '../providers/definition.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import { asksForConsent, type Registry } from '../providers/registry.ts';
import type { ConnectionToken } from './connection-token.ts';
import { openToken, sealTokens } from './seal.ts';

/** Longer than the HTTP time-out: while the lease stands, its holder may still be talking to the provider. */
const LEASE_MS = TOKEN_TIMEOUT_MS + 4_000;
/** After a failure nobody asks for a while, each connection for a slightly different one. */
const COOL_DOWN_MS = 3_000;

export interface RefreshDeps {
  database: HubDatabase;
  secretBox: SecretBox;
  outgoing: OutgoingClient;
  registry: Registry;
  /** Id of this copy. */
  owner: string;
  random: () => number;
}

export type RefreshOutcome = 'refreshed' | 'dead' | 'failed' | 'busy';

/**
 * Refreshes a connection's tokens unless another copy is at it. Holds no database connection while the provider is
 * asked; a database that is away for a moment then does not lose its answer. A process that dies between the answer and
 * the commit loses a single-use refresh token: the next attempt is told so by the provider and the connection needs a
 * person.
 */
export async function refreshConnection(deps: RefreshDeps, orgId: string, row: ConnectionToken): Promise<RefreshOutcome> {
  if (row.refreshToken === null) {
    await markDead(deps, orgId, row);
    return 'dead';
  }
  const askedAtMs = performance.now();
  if (!(await takeLease(deps, orgId, row))) return 'busy';
  try {
    const answer = await askProvider(deps, orgId, row, row.refreshToken);
    // Where the provider rotates, it has ended the old token: the new one is had once.
    await withPatience(() => store(deps, orgId, row, answer), { forMs: askedAtMs + LEASE_MS - performance.now() });
    return 'refreshed';
  } catch (error) {
    const isDead = error instanceof ProviderRefusal && error.refusal.grant === 'dead';
    if (!(error instanceof ProviderRefusal)) throw error;
    await (isDead ? markDead(deps, orgId, row) : coolDown(deps, orgId, row));
    return isDead ? 'dead' : 'failed';
  }
}

async function askProvider(deps: RefreshDeps, orgId: string, row: ConnectionToken, sealed: string): Promise<TokenAnswer> {
  const provider = await deps.registry.of(orgId).provider(row.provider);
  if (!provider || !asksForConsent(provider)) {
    throw new ProviderRefusal({ code: 'provider_unavailable', reason: 'not_configured', retryable: true });
  }
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

async function store(deps: RefreshDeps, orgId: string, row: ConnectionToken, answer: TokenAnswer): Promise<boolean> {
  const sealed = await sealTokens(deps.secretBox, orgId, row.connectionId, answer);
  const seconds = answer.expiresInSeconds ?? null;
  return change(deps, orgId, row, 'connection.refresh', async (tx) =>
    tx.db
      .update(connections)
      .set({
        ...sealed,
        tokenExpiresAt: seconds === null ? null : sql`now() + make_interval(secs => ${seconds})`,
        tokenVersion: row.version + 1,
        status: 'active',
        refreshOwner: null,
        refreshUntil: null,
        updatedAt: sql`now()`,
      })
      .where(and(sameVersion(orgId, row), eq(connections.refreshOwner, deps.owner)))
      .returning({ id: connections.connectionId }),
  );
}

/** Only where the row is still the one that was refused: a reconnect in between has newer tokens. */
export async function markDead(deps: Pick<RefreshDeps, 'database' | 'owner'>, orgId: string, row: DeadToken): Promise<boolean> {
  return change(deps, orgId, row, 'connection.needs_reauth', async (tx) =>
    tx.db
      .update(connections)
      .set({ status: 'needs_reauth', refreshOwner: null, refreshUntil: null, updatedAt: sql`now()` })
      .where(and(sameVersion(orgId, row), eq(connections.status, 'active')))
      .returning({ id: connections.connectionId }),
  );
}

async function coolDown(deps: RefreshDeps, orgId: string, row: ConnectionToken): Promise<boolean> {
  const pauseMs = COOL_DOWN_MS * (0.5 + deps.random());
  return change(deps, orgId, row, 'connection.refresh_failed', async (tx) =>
    tx.db
      .update(connections)
      .set({ refreshOwner: null, refreshUntil: sql`now() + make_interval(secs => ${pauseMs / 1_000})` })
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
