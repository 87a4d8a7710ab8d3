import type { Account, Granted, HttpRequest, OAuthDefinition, ProviderReader, Revocation } from '../providers/definition.ts';
import { ProviderRefusal } from '../providers/refusal.ts';
import { isObject } from './place.ts';
import type { StoredAuth, StoredOpenApi } from './stored.ts';

type OAuth = StoredAuth & { type: 'oauth2' };

/** Puts the connection's key or token where the provider wants it. */
export function authoriseBy(auth: StoredAuth): (request: HttpRequest, token: string) => HttpRequest {
  return (request, token) => {
    const withHeader = (name: string, value: string) => ({
      ...request,
      headers: { ...request.headers, [name.toLowerCase()]: value },
    });
    if (auth.type !== 'api_key') return withHeader('authorization', `Bearer ${token}`);
    if (auth.in === 'header') return withHeader(auth.name, `${auth.prefix ?? ''}${token}`);
    const joint = request.path.includes('?') ? '&' : '?';
    return { ...request, path: `${request.path}${joint}${encodeURIComponent(auth.name)}=${encodeURIComponent(token)}` };
  };
}

/** RFC 6749 without quirks. */
export function consentOf(
  auth: OAuth,
  { title, scopes, account }: { title: string; scopes: string[]; account: StoredOpenApi['account'] },
): OAuthDefinition {
  const all = [...new Set([...auth.scopes, ...scopes])];
  return {
    scopes: all,
    scopeSeparator: ' ',
    authorizeParameters: { response_type: 'code' },
    clientAuthentication: auth.client_authentication,
    pkce: auth.pkce,
    tokenTypes: [],
    assertGranted: () => undefined,
    readTokens: (body) => {
      const { access_token, refresh_token, expires_in, scope } = body;
      if (typeof access_token !== 'string' || access_token === '') throw unreadable();
      return {
        accessToken: access_token,
        ...(typeof refresh_token === 'string' && { refreshToken: refresh_token }),
        ...(typeof expires_in === 'number' && expires_in > 0 && { expiresInSeconds: Math.floor(expires_in) }),
        // Not said: those that were asked for (RFC 6749, 5.1).
        scopes: typeof scope === 'string' ? scope.split(' ').filter((one) => one !== '') : all,
      };
    },
    readAccount: async ({ readerOf }: Granted) => accountOf(account, title, readerOf('')),
  };
}

/**
 * Whose account it is, asked with its credentials.
 *
 * @throws ProviderRefusal where the provider does not accept them, or its answer does not tell
 */
export async function accountOf(account: StoredOpenApi['account'], title: string, reader: ProviderReader): Promise<Account> {
  if (!account) return { accountId: 'default', accountName: title };
  const { value } = await reader.read('account', { path: account.path });
  const told = (name: string): string | undefined => {
    const one = isObject(value) ? value[name] : undefined;
    return typeof one === 'string' || typeof one === 'number' ? String(one).slice(0, 200) : undefined;
  };
  const accountId = told(account.id);
  if (accountId === undefined || accountId === '') throw unreadable();
  return { accountId, accountName: told(account.name) ?? accountId };
}

/** RFC 7009, 2.1: the refresh token ends the access tokens too. */
export function revocationOf(auth: OAuth): Revocation | undefined {
  if (auth.revoke_url === undefined) return undefined;
  return {
    request: ({ accessToken, refreshToken, client }) => {
      const form = new URLSearchParams({ token: refreshToken ?? accessToken });
      const basic = `${encodeURIComponent(client.id)}:${encodeURIComponent(client.secret)}`;
      const isBasic = auth.client_authentication === 'basic';
      if (!isBasic)
        for (const [name, value] of [
          ['client_id', client.id],
          ['client_secret', client.secret],
        ] as const)
          form.set(name, value);
      return {
        headers: {
          'content-type': 'application/x-www-form-urlencoded',
          ...(isBasic && { authorization: `Basic ${Buffer.from(basic).toString('base64')}` }),
        },
        body: form.toString(),
      };
    },
    isDone: ({ status }) => status === 200,
  };
}

function unreadable(): ProviderRefusal {
  return new ProviderRefusal({ code: 'provider_unavailable', reason: 'unreadable_answer', retryable: true });
}
