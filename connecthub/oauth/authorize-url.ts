import type { ConsentProvider, Provider } from '../providers/registry.ts';
import type { Scopes } from './wanted-scopes.ts';

/** Registered at the provider, and compared by it character by character. */
export function redirectUri(provider: Provider, publicUrl: URL): string {
  return new URL(`/oauth/callback/${provider.definition.id}`, publicUrl).href;
}

/** The provider's consent page (RFC 6749, 4.1.1), with the challenge of a verifier where the provider knows PKCE. */
export function authorizeUrl(
  provider: ConsentProvider,
  publicUrl: URL,
  flow: { state: string; scopes: Scopes; challenge?: string | undefined },
): string {
  const { oauth } = provider.definition;
  const url = new URL(provider.addresses.authorize);
  for (const [name, value] of Object.entries(oauth.authorizeParameters ?? {})) url.searchParams.set(name, value);
  url.searchParams.set('client_id', provider.client.id);
  const { own, user } = flow.scopes;
  const asked = own.length > 0 ? own : oauth.scopes;
  url.searchParams.set('scope', asked.join(oauth.scopeSeparator));
  const ofPerson = own.length + user.length > 0 ? user : (oauth.user?.scopes ?? []);
  if (oauth.user && ofPerson.length > 0) url.searchParams.set(oauth.user.parameter, ofPerson.join(oauth.scopeSeparator));
  url.searchParams.set('redirect_uri', redirectUri(provider, publicUrl));
  url.searchParams.set('state', flow.state);
  if (flow.challenge !== undefined) {
    url.searchParams.set('code_challenge', flow.challenge);
    url.searchParams.set('code_challenge_method', 'S256');
  }
  return url.href;
}
