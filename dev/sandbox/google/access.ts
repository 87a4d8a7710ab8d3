import type { StoredToken } from '../core/tokens.ts';
import type { GoogleOAuthDeps } from './deps.ts';
import { GoogleError } from './errors.ts';

/** The live access token of a request. @throws GoogleError 401 */
export function requireLive({ machinery }: Pick<GoogleOAuthDeps, 'machinery'>, bearer: string | undefined): StoredToken {
  const token = bearer === undefined ? undefined : machinery.tokens.find(bearer, 'access');
  const isLive = token?.state === 'live' && (token.expiresAtMs === null || token.expiresAtMs > machinery.now());
  if (token === undefined || !isLive) throw new GoogleError(401, 'authError', 'Invalid Credentials');
  return token;
}

/** @throws GoogleError 403 where the token has none of the scopes */
export function requireScope({ scopes }: StoredToken, wanted: readonly string[]): void {
  if (wanted.some((scope) => scopes.includes(scope))) return;
  throw new GoogleError(403, 'insufficientPermissions', 'Request had insufficient authentication scopes.');
}
