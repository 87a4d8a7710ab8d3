import { setTimeout as delay } from 'node:timers/promises';
import { ClancyError } from '../../contracts/errors.ts';
import type { VaultMetrics } from '../metrics/vault-metrics.ts';
import type { ExchangeAtAuth0 } from './auth0.ts';
import { createAuth0Source } from './auth0-source.ts';
import { readConnectionToken, sealedAccessToken, type ConnectionToken, type TokenRow } from './connection-token.ts';
import { markDead, type Refresh, type RefreshDeps, type RefreshOutcome } from './refresh.ts';
import { isDue, isUsable } from './life.ts';
import { createOpenedTokens } from './opened.ts';
import { openToken } from './seal.ts';

export interface HeldToken {
  accessToken: string;
  /** The account at the provider that it is for. */
  accountId: string;
  /** Version of the row it came from. */
  version: number;
}

/** Access tokens of connections, refreshed while they still work. */
export interface Tokens {
  /**
   * @throws ClancyError `connection_missing`, `connection_needs_reauth`, or `provider_unavailable` while no current
   *   token can be had.
   */
  current(orgId: string, connectionId: string): Promise<HeldToken>;
  /** The token of a row that was just read, where it works and was opened a moment ago. */
  atHand(orgId: string, row: TokenRow): HeldToken | undefined;
  /** The provider refused a token. Means something only while the row still holds that version. */
  refused(orgId: string, connectionId: string, version: number, grant: 'expired' | 'dead'): Promise<void>;
  /** Refreshes what a copy was refreshing when it died: some providers take an old token a little longer. */
  takeOver(orgId: string, connectionId: string): Promise<void>;
  /** Resolves when no refresh is under way: its answer must not be lost by stopping. */
  idle(): Promise<void>;
}

const POLL_MS = 100;
/** Longer than another copy's lease. */
const WAIT_MS = 15_000;

export type TokenDeps = Pick<RefreshDeps, 'database' | 'secretBox' | 'logger' | 'owner'> & {
  refresh: Refresh;
  /** Absent: this installation has no application at Auth0. */
  exchangeAtAuth0?: ExchangeAtAuth0 | undefined;
  metrics: Pick<VaultMetrics, 'tokenHad'>;
};

export function createTokens(deps: TokenDeps): Tokens {
  /** One refresh per connection at a time in this process, shared by all who wait for it. */
  const running = new Map<string, Promise<RefreshOutcome>>();
  /** Refreshes that no call waits for, by connection. */
  const behind = new Map<string, Promise<void>>();
  const opened = createOpenedTokens();
  const auth0 = createAuth0Source({
    secretBox: deps.secretBox,
    exchange: deps.exchangeAtAuth0,
    onToken: deps.metrics.tokenHad,
    markDead: (orgId, row, reason) => markDead(deps, orgId, row, reason),
  });

  function refreshShared(orgId: string, row: ConnectionToken): Promise<RefreshOutcome> {
    const key = `${orgId}|${row.connectionId}|${row.version}`;
    const current = running.get(key) ?? deps.refresh(orgId, row).finally(() => running.delete(key));
    running.set(key, current);
    return current;
  }

  /** While the token still works nobody waits for another, and a failure is nobody's. */
  function refreshBehind(orgId: string, row: TokenRow): void {
    if (!isDue(row) || row.blockedMs > 0 || behind.has(`${orgId}|${row.connectionId}`)) return;
    const refreshing = takeOver(orgId, row.connectionId)
      .catch((error: unknown) => deps.logger.warn({ err: error, connection_id: row.connectionId }, 'a refresh failed'))
      .finally(() => behind.delete(`${orgId}|${row.connectionId}`));
    behind.set(`${orgId}|${row.connectionId}`, refreshing);
  }

  async function takeOver(orgId: string, connectionId: string): Promise<void> {
    const row = await read(orgId, connectionId);
    if (row.status === 'active' && row.blockedMs === 0 && (isDue(row) || row.isRefreshing)) await refreshShared(orgId, row);
  }

  const read = (orgId: string, connectionId: string) =>
    deps.database.withOrgRead({ orgId }, (tx) => readConnectionToken(tx, connectionId));

  async function open(orgId: string, row: ConnectionToken): Promise<HeldToken> {
    const place = { orgId, connectionId: row.connectionId };
    const sealed = sealedAccessToken(row);
    const accessToken = await openToken(deps.secretBox, place, 'access_token', sealed);
    deps.metrics.tokenHad('decrypted');
    const held = { accessToken, accountId: row.accountId, version: row.version };
    opened.keep(place, sealed, held);
    return held;
  }

  function atHand(orgId: string, row: TokenRow): HeldToken | undefined {
    if (row.auth0Connection !== null) return auth0.atHand(orgId, row);
    const { connectionId, accessToken: sealed } = row;
    const held = sealed !== null && isUsable(row) ? opened.find({ orgId, connectionId }, sealed) : undefined;
    if (held) deps.metrics.tokenHad('cache');
    if (held) refreshBehind(orgId, row);
    return held;
  }

  async function current(orgId: string, connectionId: string): Promise<HeldToken> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const row = await read(orgId, connectionId);
      if (row.auth0Connection !== null) return auth0.current(orgId, row);
      sealedAccessToken(row);
      if (isUsable(row)) {
        refreshBehind(orgId, row);
        return open(orgId, row);
      }
      const outcome = row.blockedMs > 0 ? 'busy' : await refreshShared(orgId, row);
      // Dead or new: the row says which, and a reconnect may have changed it meanwhile.
      if (outcome === 'dead' || outcome === 'refreshed') continue;
      if (outcome === 'failed' || isCoolingDown(row) || Date.now() > deadline) throw unavailable(row);
      await delay(POLL_MS);
    }
  }

  async function refused(orgId: string, connectionId: string, version: number, grant: 'expired' | 'dead'): Promise<void> {
    const row = await read(orgId, connectionId);
    if (row.version !== version || row.status !== 'active') return;
    auth0.forget(orgId, connectionId);
    if (grant === 'dead') await markDead(deps, orgId, row, 'token_refused');
    else if (row.auth0Connection !== null) return;
    else if (row.blockedMs === 0) await refreshShared(orgId, row);
  }

  const idle = async (): Promise<void> => {
    while (running.size + behind.size > 0) await Promise.allSettled([...running.values(), ...behind.values()]);
  };

  return { current, atHand, refused, takeOver, idle };
}

/** The last attempt failed: nobody asks for a while. */
function isCoolingDown(row: ConnectionToken): boolean {
  return row.blockedMs > 0 && !row.isRefreshing;
}

function unavailable(row: ConnectionToken): ClancyError {
  return new ClancyError('provider_unavailable', `No current token of ${row.provider} can be had right now.`, {
    retryAfterMs: Math.max(1_000, row.blockedMs),
  });
}
