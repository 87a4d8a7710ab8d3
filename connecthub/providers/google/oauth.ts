import { z } from 'zod';
import type { JsonObject } from '../../../contracts/json.ts';
import type { OAuthDefinition } from '../definition.ts';
import { ProviderRefusal } from '../refusal.ts';

/** https://developers.google.com/identity/protocols/oauth2/web-server#exchange-authorization-code */
const tokensSchema = z.looseObject({
  access_token: z.string().min(1),
  /** Absent in the answer to a refresh: the old one stays. */
  refresh_token: z.string().min(1).optional(),
  expires_in: z.number().positive().optional(),
  scope: z.string(),
});

/** https://developers.google.com/identity/openid-connect/openid-connect#an-id-tokens-payload */
const claimsSchema = z.looseObject({ email: z.email().max(254), email_verified: z.literal(true) });

function unreadable(): ProviderRefusal {
  return new ProviderRefusal({ code: 'oauth_failed', reason: 'unreadable_answer', retryable: false });
}

/** What one of Google's products wants of the OAuth that they all share. */
interface Wanted {
  scopes: readonly string[];
  /** What a scope allows besides itself. */
  implied: { readonly [scope: string]: readonly string[] };
}

/** An account at Google is known by its verified address. */
export const googleOAuth = ({ scopes, implied }: Wanted): OAuthDefinition => ({
  // `openid email` tells the account whatever else the person unticks.
  scopes: ['openid', 'email', ...scopes],
  scopeSeparator: ' ',
  // Offline and with consent, or there is no refresh token at the second connecting.
  authorizeParameters: {
    response_type: 'code',
    access_type: 'offline',
    prompt: 'consent',
    include_granted_scopes: 'true',
  },
  clientAuthentication: 'post',
  pkce: true,
  tokenTypes: [],
  assertGranted: () => undefined,
  readTokens: (body: JsonObject) => {
    const parsed = tokensSchema.safeParse(body);
    if (!parsed.success) throw unreadable();
    const { access_token: accessToken, refresh_token: refreshToken, expires_in: expiresInSeconds, scope } = parsed.data;
    return {
      accessToken,
      scopes: withImplied(
        scope.split(' ').filter((word) => word !== ''),
        implied,
      ),
      ...(refreshToken !== undefined && { refreshToken }),
      ...(expiresInSeconds !== undefined && { expiresInSeconds }),
    };
  },
  /**
   * The mailbox is the verified address of the id token. It came from Google's token endpoint itself, where TLS vouches for
   * it (OpenID Connect Core 3.1.3.7, 6); its issuer, audience and times were checked with the token answer.
   */
  readAccount: async ({ body }) => {
    const claims = claimsSchema.safeParse(payloadOf(body['id_token']));
    if (!claims.success) throw unreadable();
    const email = claims.data.email.toLowerCase();
    return { accountId: email, accountName: email };
  },
});

/** The scopes of a token answer with those that they stand for: whoever may change something may read it. */
export function withImplied(given: readonly string[], implied: Wanted['implied']): string[] {
  return [...new Set(given.flatMap((scope) => [scope, ...(implied[scope] ?? [])]))];
}

function payloadOf(token: unknown): unknown {
  try {
    const payload = typeof token === 'string' ? token.split('.')[1] : undefined;
    return JSON.parse(Buffer.from(payload ?? '', 'base64url').toString('utf8'));
  } catch {
    return undefined;
  }
}
