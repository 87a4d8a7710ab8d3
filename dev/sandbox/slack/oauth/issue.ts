import { randomBytes } from 'node:crypto';
import type { TokenGrant, TokenVault } from '../../core/tokens.ts';
import type { Workspace } from '../workspace.ts';

export interface IssuedTokens {
  access_token: string;
  token_type: string;
  scope: string;
  refresh_token?: string;
  /** Seconds. */
  expires_in?: number;
}

const random = () => randomBytes(40).toString('hex');

/** Slack marks the kind of a token at its start; with rotation on, an access token begins with `xoxe.`. */
function newAccessToken(subjectType: string, hasRotation: boolean): string {
  const prefix = subjectType === 'bot' ? 'xoxb' : 'xoxp';
  return hasRotation ? `xoxe.${prefix}-1-${random()}` : `${prefix}-${random()}`;
}

/** Issues a pair (or, with rotation off, an access token that never expires) under one consent. */
export function issueTokens(
  vault: TokenVault,
  workspace: Workspace,
  now: () => number,
  grant: TokenGrant,
  grantId: string,
): IssuedTokens {
  const { hasRotation, tokenLifetimeS } = workspace;
  const value = newAccessToken(grant.subjectType, hasRotation);
  const issued = { access_token: value, token_type: grant.subjectType, scope: grant.scopes.join(',') };
  vault.add({ ...grant, value, kind: 'access', grantId, expiresAtMs: hasRotation ? now() + tokenLifetimeS * 1000 : null });
  if (!hasRotation) return issued;
  const refreshToken = `xoxe-1-${random()}`;
  vault.add({ ...grant, value: refreshToken, kind: 'refresh', grantId, expiresAtMs: null });
  return { ...issued, refresh_token: refreshToken, expires_in: tokenLifetimeS };
}
