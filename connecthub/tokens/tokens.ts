import { setTimeout as delay } from 'node:timers/promises';
import { ClancyError } from '../../contracts/errors.ts';
import { readConnectionToken, sealedAccessToken, type ConnectionToken, type TokenRow } from './connection-token.ts';
import { markDead, refreshConnection, type RefreshDeps, type RefreshOutcome } from './refresh.ts';
import { createOpenedTokens } from './opened.ts';
import { openToken } from './seal.ts';

export interface HeldToken {
  accessToken: string;
  /** The account at the provider that it is for. */
  accountId: string;
  /** Version of the row it came from. */
  version: number;
}

/** Access tokens of connections, refreshed when they are about to end. */
export interface Tokens {
  /**
   * @throws ClancyError `connection_missing`, `connection_needs_reauth`, or `provider_unavailable` while no current
   *   token can be had.
   */
  current(orgId: string, connectionId: string): Promise<HeldToken>;
  /** The token of a row that was just read, where it need not be refreshed and was opened a moment ago. */
  atHand(orgId: string, row: TokenRow): HeldToken | undefined;
  /** The provider refused a token. Means something only while the row still holds that version. */
  refused(orgId: string, connectionId: string, version: number, grant: 'expired' | 'dead'): Promise<void>;
}

/** A token with less life than this is refreshed before it is used. */
const REFRESH_BEFORE_MS = 60_000;
/** A token that cannot be refreshed right now still serves until this close to its end. */
const USABLE_MS = 5_000;
const POLL_MS = 100;
/** Longer than another copy's lease. */
const WAIT_MS = 15_000;

export function createTokens(deps: RefreshDeps): Tokens {
  /** One refresh per connection at a time in this process, shared by all who wait for it. */
  const running = new Map<string, Promise<RefreshOutcome>>();
  const opened = createOpenedTokens();

  function refreshShared(orgId: string, row: ConnectionToken): Promise<RefreshOutcome> {
    const key = `${orgId}|${row.connectionId}|${row.version}`;
    const current = running.get(key) ?? refreshConnection(deps, orgId, row).finally(() => running.delete(key));
    running.set(key, current);
    return current;
  }

  const read = (orgId: string, connectionId: string) =>
    deps.database.withOrgRead({ orgId }, (tx) => readConnectionToken(tx, connectionId));

  async function open(orgId: string, row: ConnectionToken): Promise<HeldToken> {
    const place = { orgId, connectionId: row.connectionId };
    const sealed = sealedAccessToken(row);
    const accessToken = await openToken(deps.secretBox, place, 'access_token', sealed);
    const held = { accessToken, accountId: row.accountId, version: row.version };
    opened.keep(place, sealed, held);
    return held;
  }

  function atHand(orgId: string, row: TokenRow): HeldToken | undefined {
    const { connectionId, accessToken: sealed } = row;
    return sealed !== null && isFresh(row) ? opened.find({ orgId, connectionId }, sealed) : undefined;
  }

  async function current(orgId: string, connectionId: string): Promise<HeldToken> {
    const deadline = Date.now() + WAIT_MS;
    for (;;) {
      const row = await read(orgId, connectionId);
      sealedAccessToken(row);
      if (isFresh(row)) return open(orgId, row);
      const outcome = row.blockedMs > 0 ? 'busy' : await refreshShared(orgId, row);
      // Dead or new: the row says which, and a reconnect may have changed it meanwhile.
      if (outcome === 'dead' || outcome === 'refreshed') continue;
      if (isUsable(row)) return open(orgId, row);
      if (outcome === 'failed' || isCoolingDown(row) || Date.now() > deadline) throw unavailable(row);
      await delay(POLL_MS);
    }
  }

  async function refused(orgId: string, connectionId: string, version: number, grant: 'expired' | 'dead'): Promise<void> {
    const row = await read(orgId, connectionId);
    if (row.version !== version || row.status !== 'active') return;
    if (grant === 'dead') await markDead(deps, orgId, row);
    else if (row.blockedMs === 0) await refreshShared(orgId, row);
  }

  return { current, atHand, refused };
}

function isFresh(row: TokenRow): boolean {
  return row.leftMs === null || row.leftMs > REFRESH_BEFORE_MS || (row.refreshToken === null && row.leftMs > USABLE_MS);
}

function isUsable(row: ConnectionToken): boolean {
  return row.leftMs !== null && row.leftMs > USABLE_MS;
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
