import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';
import { clientProblem, readClient } from '../core/client-auth.ts';
import type { ClientCredentials } from '../core/client-auth.ts';
import type { CodeStore } from '../core/codes.ts';
import { isLoopbackHost } from '../core/loopback.ts';
import type { Machinery } from '../core/machinery.ts';
import type { TokenGrant } from '../core/tokens.ts';
import { HOME_REALM, REALM_ID } from './companies.ts';
import type { Companies } from './companies.ts';

/** Seconds: https://developer.intuit.com/app/developer/qbo/docs/develop/authentication-and-authorization/oauth-2.0 */
const ACCESS_LIFETIME_S = 3_600;
const REFRESH_LIFETIME_S = 100 * 86_400;
export const CODE_LIFETIME_MS = 600_000;
const SCOPE = 'com.intuit.quickbooks.accounting';

export interface Consent {
  team: string;
  redirectUri: string;
}

export interface OAuthDeps {
  machinery: Machinery;
  client: ClientCredentials;
  codes: CodeStore<Consent>;
  companies: Companies;
}

const authorizeSchema = z.strictObject({
  client_id: z.string(),
  response_type: z.literal('code'),
  scope: z.literal(SCOPE),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  state: z.string().min(1),
  /** The company that the person chooses; made when it does not exist. */
  team: z.string().regex(REALM_ID).default(HOME_REALM),
  sandbox_user: z.enum(['allow', 'deny']).default('allow'),
});

/** Intuit's consent page with a person who answers at once: the way back, or the page with what is wrong. */
export function authorize(deps: OAuthDeps, rawQuery: unknown): { location: string } | { page: string } {
  const parsed = authorizeSchema.safeParse(rawQuery);
  if (!parsed.success) return { page: `invalid_request: ${z.prettifyError(parsed.error)}` };
  const query = parsed.data;
  if (query.client_id !== deps.client.clientId) return { page: 'invalid_client' };
  const location = new URL(query.redirect_uri);
  if (!isLoopbackHost(location.hostname)) return { page: 'The redirect_uri query parameter value is invalid' };
  location.searchParams.set('state', query.state);
  if (query.sandbox_user === 'deny') {
    location.searchParams.set('error', 'access_denied');
    return { location: location.href };
  }
  const realm = deps.companies.ensure(query.team).realmId;
  location.searchParams.set('code', deps.codes.issue({ team: realm, redirectUri: query.redirect_uri }));
  location.searchParams.set('realmId', realm);
  return { location: location.href };
}

const tokenSchema = z.discriminatedUnion('grant_type', [
  z.strictObject({ grant_type: z.literal('authorization_code'), code: z.string(), redirect_uri: z.string() }),
  z.strictObject({ grant_type: z.literal('refresh_token'), refresh_token: z.string() }),
]);

/** Whom a token request is about, as far as its form tells. */
export function teamOfForm({ codes, machinery }: OAuthDeps, form: Record<string, string | undefined>): string | null {
  const [code, refreshToken] = [form['code'] ?? '', form['refresh_token'] ?? ''];
  return codes.teamOf(code) ?? machinery.tokens.find(refreshToken, 'refresh')?.team ?? null;
}

const oauthError = (status: number, error: string): Answer => jsonAnswer(status, { error });

/** Codes and refresh tokens for tokens; the client by HTTP Basic and no other way. */
export function token(deps: OAuthDeps, authorization: string | undefined, form: Record<string, string | undefined>): Answer {
  if (clientProblem(deps.client, readClient(authorization)) !== undefined) return oauthError(401, 'invalid_client');
  const parsed = tokenSchema.safeParse(form);
  if (!parsed.success) return oauthError(400, 'invalid_request');
  const { tokens, now } = deps.machinery;
  if (parsed.data.grant_type === 'authorization_code') {
    const redeemed = deps.codes.redeem(parsed.data.code, parsed.data.redirect_uri);
    if ('error' in redeemed) return oauthError(400, 'invalid_grant');
    const grant = {
      provider: 'quickbooks',
      team: redeemed.consent.team,
      subject: 'owner',
      subjectType: 'person',
      scopes: [SCOPE],
    };
    return issue(deps, grant, tokens.newGrantId());
  }
  const held = tokens.find(parsed.data.refresh_token, 'refresh');
  const hasEnded = held?.expiresAtMs !== undefined && held.expiresAtMs !== null && held.expiresAtMs <= now();
  if (held === undefined || held.state !== 'live' || hasEnded) return oauthError(400, 'invalid_grant');
  // Intuit changes the value about once a day; here it changes each time, so that nobody relies on an old one.
  tokens.markUsed(held.value);
  return issue(deps, held, held.grantId);
}

function issue({ machinery }: OAuthDeps, grant: TokenGrant, grantId: string): Answer {
  const { tokens, now } = machinery;
  const { provider, team, subject, subjectType, scopes } = grant;
  const random = (bytes: number) => randomBytes(bytes).toString('hex');
  const access = `eyJlbmMiOiJBMTI4Q0JDLUhTMjU2IiwiYWxnIjoiZGlyIn0..${random(16)}.${random(120)}.${random(16)}`;
  const refresh = `AB11${random(23)}`;
  const common = { provider, team, subject, subjectType, scopes, grantId };
  tokens.add({ ...common, value: access, kind: 'access', expiresAtMs: now() + ACCESS_LIFETIME_S * 1_000 });
  tokens.add({ ...common, value: refresh, kind: 'refresh', expiresAtMs: now() + REFRESH_LIFETIME_S * 1_000 });
  return jsonAnswer(200, {
    token_type: 'bearer',
    expires_in: ACCESS_LIFETIME_S,
    refresh_token: refresh,
    x_refresh_token_expires_in: REFRESH_LIFETIME_S,
    access_token: access,
  });
}

const revokeSchema = z.strictObject({ token: z.string() });

/** The grant that a revocation names. */
export function grantOfRevocation({ machinery: { tokens } }: OAuthDeps, body: unknown) {
  const { token: value } = revokeSchema.catch({ token: '' }).parse(body);
  return tokens.find(value, 'access') ?? tokens.find(value, 'refresh');
}

export function revoke(deps: OAuthDeps, authorization: string | undefined, body: unknown): Answer {
  if (clientProblem(deps.client, readClient(authorization)) !== undefined) return oauthError(401, 'invalid_client');
  const held = grantOfRevocation(deps, body);
  if (held === undefined) return oauthError(400, 'invalid_request');
  deps.machinery.tokens.revokeGrant(held.grantId);
  return { status: 200, headers: {}, body: '' };
}
