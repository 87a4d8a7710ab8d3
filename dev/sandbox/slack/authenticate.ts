import type { StoredToken, TokenVault } from '../core/tokens.ts';
import { SlackError } from './errors.ts';

/** The token of a request: a bearer, or the field `token` of a form or query. */
export function readToken(authorization: string | undefined, field: unknown): string | undefined {
  const bearer = authorization?.match(/^Bearer (\S+)$/i)?.[1];
  return bearer ?? (typeof field === 'string' ? field : undefined);
}

/** The stored token, or Slack's word for what is wrong with it. */
export function requireLiveToken(vault: TokenVault, value: string | undefined, now: () => number): StoredToken {
  if (value === undefined) throw new SlackError('not_authed');
  const token = vault.find(value, 'access');
  if (token === undefined) throw new SlackError('invalid_auth');
  if (token.state === 'revoked') throw new SlackError('token_revoked');
  if (token.expiresAtMs !== null && token.expiresAtMs <= now()) throw new SlackError('token_expired');
  return token;
}
