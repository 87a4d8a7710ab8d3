import { createHash } from 'node:crypto';
import { createTokenCache } from './token-cache.ts';
import type { TokenCache, TokenCacheOptions } from './token-cache.ts';
import { requestToken } from './token-request.ts';
import type { ClientCredentials, TokenRequestOptions } from './token-request.ts';

export type ClientCredentialsConfig = ClientCredentials &
  TokenRequestOptions &
  TokenCacheOptions & {
    /** Shared between sources, for instance of the same client with different scopes. */
    readonly cache?: TokenCache;
  };

export type ServiceTokenSource = {
  /** A current access token of the service. Rejects with `TokenRequestError`. */
  readonly token: () => Promise<string>;
};

/** The access token of one app client, kept in memory and renewed before it ends. */
export function createClientCredentialsSource(config: ClientCredentialsConfig): ServiceTokenSource {
  const cache = config.cache ?? createTokenCache(config);
  const key = cacheKey(config);
  return {
    token: async () => (await cache.get(key, () => requestToken(config, config))).accessToken,
  };
}

/** Everything that shapes a token; order of scopes and metadata does not. */
function cacheKey({ tokenUrl, clientId, clientSecret, scope, metadata }: ClientCredentials): string {
  const scopes = scope?.split(' ').toSorted() ?? null;
  const entries = Object.entries(metadata ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256')
    .update(JSON.stringify([tokenUrl, clientId, clientSecret, scopes, entries]))
    .digest('base64url');
}
