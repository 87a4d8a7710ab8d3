import type { Provider } from '../providers/registry.ts';

/** Registered at the provider, and compared by it character by character. */
export function redirectUri(provider: Provider, publicUrl: URL): string {
  return new URL(`/oauth/callback/${provider.definition.id}`, publicUrl).href;
}

/** The provider's consent page (RFC 6749, 4.1.1). */
export function authorizeUrl(provider: Provider, publicUrl: URL, state: string): string {
  const { oauth } = provider.definition;
  const url = new URL(`${provider.baseUrl}${oauth.authorizePath}`);
  url.searchParams.set('client_id', provider.client.id);
  url.searchParams.set('scope', oauth.scopes.join(oauth.scopeSeparator));
  url.searchParams.set('redirect_uri', redirectUri(provider, publicUrl));
  url.searchParams.set('state', state);
  return url.href;
}
