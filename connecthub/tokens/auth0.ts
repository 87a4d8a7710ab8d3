import { z } from 'zod';
import { OutgoingError, type OutgoingClient } from '../../platform/outgoing/client.ts';
import type { OneToken, Refusal } from '../providers/definition.ts';
import { ProviderRefusal, safeReason } from '../providers/refusal.ts';

/** An application at Auth0 with the grant type Token Vault, and its tenant. */
export interface Auth0Client {
  readonly url: URL;
  readonly clientId: string;
  readonly clientSecret: string;
}

/** What Token Vault is asked with. */
export interface VaultSubject {
  /** Name of the connection at Auth0, such as `google-oauth2`. */
  readonly connection: string;
  /** Of Auth0, for the user whose account it is. */
  readonly refreshToken: string;
}

export type ExchangeAtAuth0 = (subject: VaultSubject) => Promise<OneToken>;

/** https://auth0.com/docs/api/authentication/token-vault-token-exchange/get-token */
const GRANT_TYPE = 'urn:auth0:params:oauth:grant-type:token-exchange:federated-connection-access-token';
const SUBJECT_TOKEN_TYPE = 'urn:ietf:params:oauth:token-type:refresh_token';
const REQUESTED_TOKEN_TYPE = 'http://auth0.com/oauth/token-type/federated-connection-access-token';

const TIMEOUT_MS = 8_000;
/** Of an answer that does not say how long its token lives. */
const LIFE_SECONDS = 300;

const grantedSchema = z.looseObject({
  access_token: z.string().min(1),
  expires_in: z.number().positive().optional(),
  scope: z.string().optional(),
});
const refusedSchema = z.looseObject({ error: z.string() });

/** Our own application was refused: whatever became of the person's account is not said. */
const OF_THE_CLIENT = new Set(['invalid_client', 'unauthorized_client', 'access_denied']);

/**
 * An access token of a provider for a refresh token of Auth0's, by Token Vault's token exchange.
 *
 * @throws ProviderRefusal, with `grant: 'dead'` only where Auth0 says that the refresh token or the connected account is gone
 */
export function createAuth0Exchange(outgoing: OutgoingClient, { url, clientId, clientSecret }: Auth0Client): ExchangeAtAuth0 {
  const endpoint = new URL('/oauth/token', url);
  return async ({ connection, refreshToken }) => {
    const form = new URLSearchParams({
      grant_type: GRANT_TYPE,
      client_id: clientId,
      client_secret: clientSecret,
      subject_token: refreshToken,
      subject_token_type: SUBJECT_TOKEN_TYPE,
      requested_token_type: REQUESTED_TOKEN_TYPE,
      connection,
    });
    const answer = await outgoing
      .send({
        method: 'POST',
        url: endpoint,
        headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
        body: form.toString(),
        timeoutMs: TIMEOUT_MS,
        allowedOrigin: endpoint.origin,
      })
      .catch((error: unknown) => {
        if (error instanceof OutgoingError) throw transient(safeReason(error.reason));
        throw error;
      });
    return readAnswer(answer.status, answer.body);
  };
}

function readAnswer(status: number, text: string): OneToken {
  if (status === 429 || status >= 500) throw transient(`http_${status}`);
  const body = toJson(text);
  if (status !== 200) throw new ProviderRefusal(toRefusal(status, refusedSchema.safeParse(body).data?.error));
  const granted = grantedSchema.safeParse(body);
  if (!granted.success) throw transient('unreadable_answer');
  const { access_token: accessToken, expires_in: expiresInSeconds = LIFE_SECONDS, scope = '' } = granted.data;
  return { accessToken, expiresInSeconds, scopes: scope.split(/[\s,]+/).filter((word) => word !== '') };
}

/**
 * `invalid_grant` is an expired, revoked or unknown refresh token. 401 is also the answer where the user has no account at
 * this connection (any more), unless it is about our application.
 */
function toRefusal(status: number, error = `http_${status}`): Refusal {
  const isGone = error === 'invalid_grant' || (status === 401 && !OF_THE_CLIENT.has(error));
  return { code: 'oauth_failed', reason: safeReason(error), retryable: false, ...(isGone && { grant: 'dead' as const }) };
}

function transient(reason: string): ProviderRefusal {
  return new ProviderRefusal({ code: 'provider_unavailable', reason, retryable: true });
}

function toJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
