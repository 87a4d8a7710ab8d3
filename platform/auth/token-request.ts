import { z } from 'zod';
import type { IssuedToken } from './token-cache.ts';

/** An app client at a Cognito token endpoint. */
export type ClientCredentials = {
  /** `https://<domain>/oauth2/token` */
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  /** Words as `resource-server/scope`, separated by spaces. Unset: all of the client's. */
  readonly scope?: string;
  /** `aws_client_metadata`: what the pre-token trigger gets to see. */
  readonly metadata?: Readonly<Record<string, string>>;
};

/**
 * A token endpoint that gave none. `refused`: it answered with an OAuth error (RFC 6749, section 5.2), asking again
 * alike is pointless; `unavailable`: no answer, or one that cannot be understood. Holds no secret and no body.
 */
export class TokenRequestError extends Error {
  readonly code: 'token_refused' | 'token_unavailable';
  readonly oauthError: string | undefined;

  constructor(code: 'token_refused' | 'token_unavailable', oauthError?: string) {
    super(oauthError === undefined ? `no access token: ${code}` : `no access token: ${code} (${oauthError})`);
    this.name = 'TokenRequestError';
    this.code = code;
    this.oauthError = oauthError;
  }
}

const TIMEOUT_MS = 5_000;

const tokenSchema = z.looseObject({
  access_token: z.string().min(1),
  token_type: z.string().regex(/^bearer$/i),
  expires_in: z.number().positive().max(86_400),
});

/** RFC 6749 limits the word to printable ASCII; ours is shorter, since it is logged. */
const errorSchema = z.looseObject({ error: z.string().regex(/^[a-z_]{1,40}$/) });

export type TokenRequestOptions = { readonly fetch?: typeof fetch; readonly now?: () => number };

/**
 * One client-credentials request: form body, client in the Basic header.
 * https://docs.aws.amazon.com/cognito/latest/developerguide/token-endpoint.html
 * @throws TokenRequestError
 */
export async function requestToken(client: ClientCredentials, options: TokenRequestOptions = {}): Promise<IssuedToken> {
  const { fetch: send = fetch, now = Date.now } = options;
  const askedAtMs = now();
  const { status, body } = await post(send, client);
  const token = tokenSchema.safeParse(body);
  if (status === 200 && token.success) {
    // Counted from the question: the answer's way here is part of the token's life.
    return { accessToken: token.data.access_token, expiresAtMs: askedAtMs + token.data.expires_in * 1000 };
  }
  const refused = errorSchema.safeParse(body);
  if (status >= 400 && status < 500 && status !== 429 && refused.success) {
    throw new TokenRequestError('token_refused', refused.data.error);
  }
  throw new TokenRequestError('token_unavailable');
}

async function post(send: typeof fetch, client: ClientCredentials): Promise<{ status: number; body: unknown }> {
  const form = new URLSearchParams({ grant_type: 'client_credentials' });
  if (client.scope !== undefined) form.set('scope', client.scope);
  if (client.metadata !== undefined) form.set('aws_client_metadata', JSON.stringify(client.metadata));
  try {
    const response = await send(client.tokenUrl, {
      method: 'POST',
      headers: { authorization: basic(client), accept: 'application/json' },
      body: form,
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return { status: response.status, body: parseJson(await response.text()) };
  } catch {
    // The cause is dropped on purpose: some clients put the request, and with it the secret, into it.
    throw new TokenRequestError('token_unavailable');
  }
}

/** RFC 6749, section 2.3.1. Cognito's ids and secrets hold no character that form encoding would change. */
function basic({ clientId, clientSecret }: ClientCredentials): string {
  const pair = `${encodeURIComponent(clientId)}:${encodeURIComponent(clientSecret)}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
