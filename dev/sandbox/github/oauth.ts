import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { jsonAnswer } from '../core/answer.ts';
import type { Answer } from '../core/answer.ts';
import { clientProblem, readClient } from '../core/client-auth.ts';
import type { ClientCredentials } from '../core/client-auth.ts';
import type { CodeStore } from '../core/codes.ts';
import { isLoopbackHost } from '../core/loopback.ts';
import type { Machinery } from '../core/machinery.ts';
import type { StoredToken } from '../core/tokens.ts';
import { GitHubError, renderFailure } from './errors.ts';
import { HOME_PERSON, PERSON_ID } from './people.ts';
import type { People } from './people.ts';

/** https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-user-access-token-for-a-github-app */
export const CODE_LIFETIME_MS = 600_000;
const ACCESS_LIFETIME_S = 28_800;
const REFRESH_LIFETIME_S = 15_897_600;

export interface Consent {
  team: string;
  redirectUri: string;
  challenge: string;
}

export interface GitHubDeps {
  machinery: Machinery;
  client: ClientCredentials;
  codes: CodeStore<Consent>;
  people: People;
}

const authorizeSchema = z.strictObject({
  client_id: z.string(),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  state: z.string().min(1),
  /** Of no meaning for a GitHub App. */
  scope: z.literal('').optional(),
  code_challenge: z.string().regex(/^[A-Za-z0-9_-]{43}$/),
  code_challenge_method: z.literal('S256'),
  /** Who is in front of the page; made when they do not exist. */
  team: z.string().regex(PERSON_ID).default(HOME_PERSON),
  sandbox_user: z.enum(['allow', 'deny']).default('allow'),
});

/** GitHub's consent page with a person who answers at once: the way back, or the page with what is wrong. */
export function authorize(deps: GitHubDeps, rawQuery: unknown): { location: string } | { page: string } {
  const parsed = authorizeSchema.safeParse(rawQuery);
  if (!parsed.success) return { page: `invalid_request: ${z.prettifyError(parsed.error)}` };
  const query = parsed.data;
  if (query.client_id !== deps.client.clientId) return { page: 'Not Found' };
  const location = new URL(query.redirect_uri);
  if (!isLoopbackHost(location.hostname)) return { page: 'The redirect_uri is not associated with this application.' };
  location.searchParams.set('state', query.state);
  if (query.sandbox_user === 'deny') {
    location.searchParams.set('error', 'access_denied');
    return { location: location.href };
  }
  const team = deps.people.ensure(query.team).id;
  const consent = { team, redirectUri: query.redirect_uri, challenge: query.code_challenge };
  location.searchParams.set('code', deps.codes.issue(consent));
  return { location: location.href };
}

const clientFields = { client_id: z.string(), client_secret: z.string() };
const tokenSchema = z.discriminatedUnion('grant_type', [
  z.strictObject({
    grant_type: z.literal('authorization_code'),
    code: z.string(),
    redirect_uri: z.string(),
    code_verifier: z.string(),
    ...clientFields,
  }),
  z.strictObject({ grant_type: z.literal('refresh_token'), refresh_token: z.string(), ...clientFields }),
]);

type FormFields = Record<string, string | undefined>;

export function teamOfForm({ codes, machinery }: GitHubDeps, form: FormFields): string | null {
  const refreshToken = form['refresh_token'] ?? '';
  return codes.teamOf(form['code'] ?? '') ?? machinery.tokens.find(refreshToken, 'refresh')?.team ?? null;
}

/** GitHub says no at HTTP 200. */
export function oauthError(error: string): Answer {
  return jsonAnswer(200, { error, error_description: 'See the documentation.', error_uri: 'https://docs.github.com' });
}

export function token(deps: GitHubDeps, form: FormFields): Answer {
  if (clientProblem(deps.client, readClient(undefined, form)) !== undefined) return oauthError('incorrect_client_credentials');
  const parsed = tokenSchema.safeParse(form);
  if (!parsed.success) return oauthError('unsupported_grant_type');
  const { tokens, now } = deps.machinery;
  if (parsed.data.grant_type === 'authorization_code') {
    const redeemed = deps.codes.redeem(parsed.data.code, parsed.data.redirect_uri);
    if ('error' in redeemed)
      return oauthError(redeemed.error === 'bad_redirect_uri' ? 'redirect_uri_mismatch' : 'bad_verification_code');
    const challenge = createHash('sha256').update(parsed.data.code_verifier).digest('base64url');
    if (challenge !== redeemed.consent.challenge) return oauthError('bad_verification_code');
    return issue(deps, redeemed.consent.team, tokens.newGrantId());
  }
  const held = tokens.find(parsed.data.refresh_token, 'refresh');
  if (held?.state !== 'live' || (held.expiresAtMs ?? 0) <= now()) return oauthError('bad_refresh_token');
  // Using it ends it, and the access token that came with it.
  for (const one of tokens.list()) if (one.grantId === held.grantId) tokens.markUsed(one.value);
  return issue(deps, held.team, held.grantId);
}

function issue({ machinery }: GitHubDeps, team: string, grantId: string): Answer {
  const grant = { provider: 'github', team, subject: team, subjectType: 'user', scopes: [], grantId };
  const [access, refresh] = [`ghu_${randomBytes(18).toString('hex')}`, `ghr_${randomBytes(38).toString('hex')}`];
  const { tokens, now } = machinery;
  tokens.add({ ...grant, value: access, kind: 'access', expiresAtMs: now() + ACCESS_LIFETIME_S * 1_000 });
  tokens.add({ ...grant, value: refresh, kind: 'refresh', expiresAtMs: now() + REFRESH_LIFETIME_S * 1_000 });
  return jsonAnswer(200, {
    access_token: access,
    expires_in: ACCESS_LIFETIME_S,
    refresh_token: refresh,
    refresh_token_expires_in: REFRESH_LIFETIME_S,
    scope: '',
    token_type: 'bearer',
  });
}

/** The token whose grant a `DELETE /applications/{client}/grant` names. */
export function tokenOfGrant({ machinery }: GitHubDeps, body: string): StoredToken | undefined {
  const parsed = z.strictObject({ access_token: z.string() }).safeParse(parseJson(body));
  return parsed.success ? machinery.tokens.find(parsed.data.access_token, 'access') : undefined;
}

/** Ends the person's whole grant. https://docs.github.com/en/rest/apps/oauth-applications#delete-an-app-authorization */
export function deleteGrant(deps: GitHubDeps, authorization: string | undefined, clientId: string, body: string): Answer {
  const isOurs = clientProblem(deps.client, readClient(authorization)) === undefined && clientId === deps.client.clientId;
  if (!isOurs) return renderFailure(new GitHubError(404, 'Not Found'));
  const held = tokenOfGrant(deps, body);
  if (held === undefined) return renderFailure(new GitHubError(422, 'Validation Failed'));
  deps.machinery.tokens.revokeTeam(held.team);
  return { status: 204, headers: {}, body: '' };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
