import { ClancyError } from '../../contracts/errors.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { VaultMetrics } from '../metrics/vault-metrics.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import type { ExchangeAtAuth0 } from './auth0.ts';
import { needsReauth, type ConnectionToken, type TokenRow } from './connection-token.ts';
import { openToken } from './seal.ts';
import type { TokenSource } from './token-source.ts';
import type { HeldToken } from './tokens.ts';

export interface Auth0SourceDeps {
  secretBox: Pick<SecretBox, 'open'>;
  /** Undefined: this installation has no application at Auth0. */
  exchange: ExchangeAtAuth0 | undefined;
  /** Auth0 says that the refresh token or the account is gone. */
  markDead: (orgId: string, row: ConnectionToken, reason: string) => Promise<unknown>;
  onToken: VaultMetrics['tokenHad'];
  /** Monotonic milliseconds. */
  now?: () => number;
}

/** A token is asked for anew once this much of its life is over; while Auth0 is away it serves on. */
const FRESH_SHARE = 0.75;
/** A token that is this close to its end may be over before the provider looks at it. */
const LAST_MS = 5_000;
/** After a failure nobody asks for a while. */
const COOL_DOWN_MS = 3_000;
const MAX_TOKENS = 1_000;

interface Kept {
  /** What it was had for: a row that changed since has another. */
  sealed: string;
  held: HeldToken;
  freshUntilMs: number;
  endsAtMs: number;
}

/** Access tokens out of Auth0's Token Vault, in memory only. What is kept at rest is Auth0's refresh token, sealed. */
export function createAuth0Source({
  secretBox,
  exchange,
  markDead,
  onToken,
  now = () => performance.now(),
}: Auth0SourceDeps): TokenSource {
  const tokens = new Map<string, Kept>();
  const asking = new Map<string, Promise<HeldToken>>();
  const coolUntilMs = new Map<string, number>();
  const keyOf = (orgId: string, connectionId: string): string => `${orgId}|${connectionId}`;

  function keptFor(orgId: string, row: TokenRow): Kept | undefined {
    const kept = tokens.get(keyOf(orgId, row.connectionId));
    const isIts = kept !== undefined && kept.sealed === row.refreshToken && kept.held.version === row.version;
    return isIts && kept.endsAtMs - LAST_MS > now() ? kept : undefined;
  }

  function atHand(orgId: string, row: TokenRow): HeldToken | undefined {
    const kept = keptFor(orgId, row);
    if (kept === undefined || kept.freshUntilMs <= now()) return undefined;
    onToken('cache');
    return kept.held;
  }

  async function current(orgId: string, row: ConnectionToken): Promise<HeldToken> {
    if (row.status === 'needs_reauth') throw needsReauth(row.provider);
    if (row.status !== 'active' || row.refreshToken === null || row.auth0Connection === null) {
      throw new ClancyError('connection_missing', 'The connection was disconnected.');
    }
    const key = keyOf(orgId, row.connectionId);
    const subject = { connection: row.auth0Connection, sealed: row.refreshToken };
    const shared = `${key}|${row.version}`;
    const asked = atHand(orgId, row) ?? asking.get(shared) ?? ask(orgId, row, subject).finally(() => asking.delete(shared));
    if (asked instanceof Promise) asking.set(shared, asked);
    return asked;
  }

  async function ask(orgId: string, row: ConnectionToken, subject: { connection: string; sealed: string }): Promise<HeldToken> {
    const key = keyOf(orgId, row.connectionId);
    const older = keptFor(orgId, row)?.held;
    const coolMs = (coolUntilMs.get(key) ?? 0) - now();
    if (coolMs > 0) return older ?? unavailable(row, coolMs);
    const place = { orgId, connectionId: row.connectionId };
    const refreshToken = await openToken(secretBox, place, 'refresh_token', subject.sealed);
    const askedAtMs = now();
    try {
      if (!exchange) throw new ProviderRefusal({ code: 'provider_unavailable', reason: 'not_configured', retryable: true });
      const { accessToken, expiresInSeconds = 0 } = await exchange({ connection: subject.connection, refreshToken });
      const lifeMs = expiresInSeconds * 1_000;
      const held = { accessToken, accountId: row.accountId, version: row.version };
      const times = { freshUntilMs: askedAtMs + lifeMs * FRESH_SHARE, endsAtMs: askedAtMs + lifeMs };
      coolUntilMs.delete(key);
      onToken('auth0');
      keep(key, { sealed: subject.sealed, held, ...times });
      return held;
    } catch (error) {
      if (!(error instanceof ProviderRefusal)) throw error;
      const { refusal } = error;
      if (refusal.grant === 'dead') {
        await markDead(orgId, row, refusal.reason);
        throw needsReauth(row.provider);
      }
      coolUntilMs.set(key, now() + Math.max(COOL_DOWN_MS, refusal.retryAfterMs ?? 0));
      return older ?? unavailable(row, COOL_DOWN_MS);
    }
  }

  function keep(key: string, kept: Kept): void {
    tokens.delete(key);
    tokens.set(key, kept);
    const oldest = tokens.keys().next();
    if (tokens.size > MAX_TOKENS && !oldest.done) tokens.delete(oldest.value);
  }

  return { current, atHand, forget: (orgId, connectionId) => void tokens.delete(keyOf(orgId, connectionId)) };
}

function unavailable(row: ConnectionToken, retryAfterMs: number): never {
  throw new ClancyError('provider_unavailable', `Auth0 gives no token of ${row.provider} right now.`, {
    retryAfterMs: Math.max(1_000, retryAfterMs),
  });
}
