import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';
import type { StoredToken } from '../core/tokens.ts';
import type { GoogleOAuthDeps } from './deps.ts';

export function tokenIn({ machinery }: Pick<GoogleOAuthDeps, 'machinery'>, form: string): StoredToken | undefined {
  const value = new URLSearchParams(form).get('token') ?? '';
  return machinery.tokens.find(value, 'refresh') ?? machinery.tokens.find(value, 'access');
}

/** `https://oauth2.googleapis.com/revoke`: either token ends the whole grant of this client and user. */
export function answerRevoke(deps: GoogleOAuthDeps, form: string): Answer {
  const token = tokenIn(deps, form);
  if (token === undefined || token.state === 'revoked') return jsonAnswer(400, { error: 'invalid_token' });
  deps.machinery.tokens.revokeTeam(token.team);
  return jsonAnswer(200, {});
}
