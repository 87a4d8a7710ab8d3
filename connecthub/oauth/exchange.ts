import * as oauth from 'oauth4webapi';
import { jsonObjectSchema, type JsonObject } from '../../contracts/json.ts';
import { OutgoingError, type OutgoingClient } from '../../platform/outgoing/client.ts';
import type { Refusal, TokenAnswer } from '../providers/definition.ts';
import { ProviderRefusal, safeReason } from '../providers/refusal.ts';
import type { ConsentProvider } from '../providers/registry.ts';

/** Must end well before a refresh lease does (tokens/refresh.ts). */
export const TOKEN_TIMEOUT_MS = 8_000;

export interface Exchanged {
  tokens: TokenAnswer;
  /** The whole answer: a provider's account stands in it. Holds tokens, so it goes no further than its reader. */
  body: JsonObject;
}

/**
 * The authorization code for tokens (RFC 6749, 4.1.3).
 *
 * @throws ProviderRefusal, with `grant: 'dead'` only when the provider says that the code or grant is gone.
 */
export async function exchangeCode(
  outgoing: OutgoingClient,
  provider: ConsentProvider,
  callback: { parameters: URLSearchParams; state: string; redirectUri: string; codeVerifier: string | undefined },
): Promise<Exchanged> {
  const { as, client, authentication, options } = await setup(outgoing, provider);
  return settle(provider, async () => {
    const checked = oauth.validateAuthResponse(as, client, callback.parameters, callback.state);
    const response = await oauth.authorizationCodeGrantRequest(
      as,
      client,
      authentication,
      checked,
      callback.redirectUri,
      callback.codeVerifier ?? oauth.nopkce,
      options,
    );
    const body = await readGranted(provider, response);
    await oauth.processAuthorizationCodeResponse(as, client, response, { recognizedTokenTypes: tokenTypes(provider) });
    return body;
  });
}

/** A refresh token for new tokens (RFC 6749, 6). Rejects like `exchangeCode`. */
export async function exchangeRefreshToken(
  outgoing: OutgoingClient,
  provider: ConsentProvider,
  refreshToken: string,
): Promise<Exchanged> {
  const { as, client, authentication, options } = await setup(outgoing, provider);
  return settle(provider, async () => {
    const response = await oauth.refreshTokenGrantRequest(as, client, authentication, refreshToken, options);
    const body = await readGranted(provider, response);
    await oauth.processRefreshTokenResponse(as, client, response, { recognizedTokenTypes: tokenTypes(provider) });
    return body;
  });
}

async function setup(outgoing: OutgoingClient, provider: ConsentProvider) {
  const { oauth: flow } = provider.definition;
  const { authorize, token } = provider.addresses;
  const as: oauth.AuthorizationServer = { issuer: new URL(authorize).origin, token_endpoint: token };
  const secret = await provider.client.secret();
  return {
    as,
    client: { client_id: provider.client.id },
    authentication: flow.clientAuthentication === 'basic' ? oauth.ClientSecretBasic(secret) : oauth.ClientSecretPost(secret),
    // Plain HTTP is possible only where the development waiver put the sandbox's address.
    options: {
      [oauth.customFetch]: toFetch(outgoing, provider),
      [oauth.allowInsecureRequests]: token.startsWith('http:'),
    },
  };
}

/** The library's requests through our guarded client. */
function toFetch(outgoing: OutgoingClient, provider: ConsentProvider) {
  return async (url: string, init: { headers: Record<string, string>; body: URLSearchParams | undefined }): Promise<Response> => {
    const { status, headers, body } = await outgoing.send({
      method: 'POST',
      url: new URL(url),
      headers: init.headers,
      body: init.body?.toString() ?? '',
      timeoutMs: TOKEN_TIMEOUT_MS,
      allowedOrigin: new URL(provider.addresses.token).origin,
    });
    const retryAfter = headers['retry-after'];
    const kept = { 'content-type': headers['content-type'] ?? 'text/plain', ...(retryAfter && { 'retry-after': retryAfter }) };
    return new Response(body, { status, headers: kept });
  };
}

function tokenTypes(provider: ConsentProvider): oauth.RecognizedTokenTypes {
  return Object.fromEntries(provider.definition.oauth.tokenTypes.map((type) => [type, () => undefined]));
}

/** Some providers say no at HTTP 200: looked at before the library, which would only miss the token. */
async function readGranted(provider: ConsentProvider, response: Response): Promise<JsonObject> {
  if (response.status === 429 || response.status >= 500) {
    throw unavailable(`http_${response.status}`, retryAfterMs(response.headers.get('retry-after')));
  }
  const body = jsonObjectSchema.safeParse(
    await response
      .clone()
      .json()
      .catch(() => undefined),
  );
  if (response.status !== 200) return {};
  if (!body.success) throw unavailable('unreadable_answer');
  provider.definition.oauth.assertGranted(body.data);
  return body.data;
}

async function settle(provider: ConsentProvider, work: () => Promise<JsonObject>): Promise<Exchanged> {
  try {
    const body = await work();
    return { tokens: provider.definition.oauth.readTokens(body), body };
  } catch (error) {
    throw error instanceof ProviderRefusal ? error : new ProviderRefusal(toRefusal(error));
  }
}

/** RFC 6749, 5.2: only `invalid_grant` means that the grant itself is gone. */
function toRefusal(error: unknown): Refusal {
  if (error instanceof OutgoingError) return transient(safeReason(error.reason));
  if (error instanceof oauth.ResponseBodyError || error instanceof oauth.AuthorizationResponseError) {
    const isDead = error.error === 'invalid_grant';
    return { code: 'oauth_failed', reason: safeReason(error.error), retryable: false, ...(isDead && { grant: 'dead' as const }) };
  }
  return { code: 'oauth_failed', reason: 'unreadable_answer', retryable: true };
}

function transient(reason: string): Refusal {
  return { code: 'provider_unavailable', reason, retryable: true };
}

function unavailable(reason: string, retryAfter?: number): ProviderRefusal {
  return new ProviderRefusal({ ...transient(reason), ...(retryAfter !== undefined && { retryAfterMs: retryAfter }) });
}

/** Seconds, as token endpoints have it; an hour at most, since a person may be waiting. */
function retryAfterMs(header: string | null): number | undefined {
  return /^\d{1,9}$/.test(header ?? '') ? Math.min(Number(header), 3_600) * 1_000 : undefined;
}
