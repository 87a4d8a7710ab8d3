import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';
import { clientProblem, readClient } from '../core/client-auth.ts';
import type { ClientCredentials } from '../core/client-auth.ts';
import type { CodeStore } from '../core/codes.ts';
import { isLoopbackHost } from '../core/loopback.ts';
import type { Machinery } from '../core/machinery.ts';
import { ACCOUNT_ID, HOME_ACCOUNT } from './accounts.ts';
import type { Accounts } from './accounts.ts';

/** https://docs.stripe.com/connect/oauth-reference */
export const CODE_LIFETIME_MS = 300_000;

export interface Consent {
  team: string;
  redirectUri: string;
}

export interface StripeDeps {
  machinery: Machinery;
  client: ClientCredentials;
  codes: CodeStore<Consent>;
  accounts: Accounts;
}

/** Stripe compares the redirect address with the registered ones at the consent page, and not again. */
const ANY_REDIRECT = '';

export function isSecret(client: ClientCredentials, given: string): boolean {
  return clientProblem(client, { clientId: client.clientId, clientSecret: given }) === undefined;
}

const authorizeSchema = z.strictObject({
  client_id: z.string(),
  response_type: z.literal('code'),
  scope: z.literal('read_write'),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  state: z.string().min(1),
  /** The account that the person chooses; made when it does not exist. */
  team: z.string().regex(ACCOUNT_ID).default(HOME_ACCOUNT),
  sandbox_user: z.enum(['allow', 'deny']).default('allow'),
});

/** Stripe's consent page with a person who answers at once: the way back, or the page with what is wrong. */
export function authorize(deps: StripeDeps, rawQuery: unknown): { location: string } | { page: string } {
  const parsed = authorizeSchema.safeParse(rawQuery);
  if (!parsed.success) return { page: `invalid_request: ${z.prettifyError(parsed.error)}` };
  const query = parsed.data;
  if (query.client_id !== deps.client.clientId) return { page: 'No application matches the supplied client identifier' };
  const location = new URL(query.redirect_uri);
  if (!isLoopbackHost(location.hostname)) return { page: 'Invalid redirect URI' };
  location.searchParams.set('state', query.state);
  if (query.sandbox_user === 'deny') {
    location.searchParams.set('error', 'access_denied');
    location.searchParams.set('error_description', 'The user denied your request');
    return { location: location.href };
  }
  const team = deps.accounts.ensure(query.team).id;
  location.searchParams.set('scope', query.scope);
  location.searchParams.set('code', deps.codes.issue({ team, redirectUri: ANY_REDIRECT }));
  return { location: location.href };
}

const clientFields = { client_id: z.string().optional(), client_secret: z.string().optional() };
const tokenSchema = z.discriminatedUnion('grant_type', [
  z.strictObject({
    grant_type: z.literal('authorization_code'),
    code: z.string(),
    redirect_uri: z.string().optional(),
    ...clientFields,
  }),
  z.strictObject({ grant_type: z.literal('refresh_token'), refresh_token: z.string(), ...clientFields }),
]);

type FormFields = Record<string, string | undefined>;

/** Whom a token request is about, as far as its form tells. */
export function teamOfForm({ codes, machinery }: StripeDeps, form: FormFields): string | null {
  const refreshToken = form['refresh_token'] ?? '';
  return codes.teamOf(form['code'] ?? '') ?? machinery.tokens.find(refreshToken, 'refresh')?.team ?? null;
}

function oauthError(status: number, error: string, description: string): Answer {
  return jsonAnswer(status, { error, error_description: description });
}

/** The platform's secret key, as the bearer or in the form. */
function isPlatform({ client }: StripeDeps, authorization: string | undefined, form: FormFields): boolean {
  const bearer = authorization?.match(/^Bearer (\S+)$/)?.[1];
  return isSecret(client, bearer ?? readClient(authorization, form).clientSecret);
}

export function token(deps: StripeDeps, authorization: string | undefined, form: FormFields): Answer {
  if (!isPlatform(deps, authorization, form)) return oauthError(401, 'invalid_client', 'No such API key');
  const parsed = tokenSchema.safeParse(form);
  if (!parsed.success) return oauthError(400, 'invalid_request', z.prettifyError(parsed.error));
  const { tokens } = deps.machinery;
  if (parsed.data.grant_type === 'authorization_code') {
    const redeemed = deps.codes.redeem(parsed.data.code, ANY_REDIRECT);
    if ('error' in redeemed) return oauthError(400, 'invalid_grant', 'Authorization code does not exist');
    return issue(deps, redeemed.consent.team, tokens.newGrantId());
  }
  const held = tokens.find(parsed.data.refresh_token, 'refresh');
  if (held?.state !== 'live') return oauthError(400, 'invalid_grant', 'Refresh token does not exist');
  tokens.markUsed(held.value);
  return issue(deps, held.team, held.grantId);
}

/** Access tokens are keys of the account, and do not end by themselves. */
function issue({ machinery }: StripeDeps, team: string, grantId: string): Answer {
  const grant = { provider: 'stripe', team, subject: team, subjectType: 'account', scopes: ['read_write'], grantId };
  const random = () => randomBytes(24).toString('hex');
  const [access, refresh] = [`sk_test_${random()}`, `rt_${random()}`];
  machinery.tokens.add({ ...grant, value: access, kind: 'access', expiresAtMs: null });
  machinery.tokens.add({ ...grant, value: refresh, kind: 'refresh', expiresAtMs: null });
  return jsonAnswer(200, {
    access_token: access,
    livemode: false,
    refresh_token: refresh,
    token_type: 'bearer',
    stripe_publishable_key: `pk_test_${random()}`,
    stripe_user_id: team,
    scope: 'read_write',
  });
}

const deauthorizeSchema = z.strictObject({ client_id: z.string(), stripe_user_id: z.string() });

/** Ends the account's connection with the platform, all of its tokens at once. */
export function deauthorize(deps: StripeDeps, authorization: string | undefined, form: FormFields): Answer {
  if (!isPlatform(deps, authorization, form)) return oauthError(401, 'invalid_client', 'No such API key');
  const parsed = deauthorizeSchema.safeParse(form);
  if (!parsed.success) return oauthError(400, 'invalid_request', z.prettifyError(parsed.error));
  const { client_id: clientId, stripe_user_id: team } = parsed.data;
  const isConnected = deps.machinery.tokens.list().some((one) => one.team === team && one.state === 'live');
  if (clientId !== deps.client.clientId || !isConnected)
    return oauthError(401, 'invalid_client', 'This application is not connected to that account');
  deps.machinery.tokens.revokeTeam(team);
  return jsonAnswer(200, { stripe_user_id: team });
}
