import { createHash, randomBytes } from 'node:crypto';
import { z } from 'zod';
import { jsonAnswer, type Answer } from '../core/answer.ts';
import { clientProblem, readClient, type ClientCredentials } from '../core/client-auth.ts';
import type { CodeStore } from '../core/codes.ts';
import { isLoopbackHost } from '../core/loopback.ts';
import type { Machinery } from '../core/machinery.ts';
import type { DeskAccounts } from './accounts.ts';

export const CODE_LIFETIME_MS = 60_000;
const ACCESS_LIFETIME_MS = 3_600_000;

export interface Consent {
  team: string;
  redirectUri: string;
  challenge: string;
  scope: string;
}

export interface DeskDeps {
  machinery: Machinery;
  client: ClientCredentials;
  accounts: DeskAccounts;
  codes: CodeStore<Consent>;
}

const authorizeSchema = z.strictObject({
  client_id: z.string(),
  response_type: z.literal('code'),
  scope: z.string(),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  state: z.string().min(1),
  code_challenge: z.string().length(43),
  code_challenge_method: z.literal('S256'),
  /** The account that the person chooses; a new one otherwise. */
  team: z.string().optional(),
  sandbox_user: z.enum(['allow', 'deny']).default('allow'),
});

/** The consent page with a person who answers at once: RFC 6749, 4.1, with RFC 7636. */
export function authorize(deps: DeskDeps, rawQuery: unknown): { location: string } | { page: string } {
  const parsed = authorizeSchema.safeParse(rawQuery);
  if (!parsed.success) return { page: `invalid_request: ${z.prettifyError(parsed.error)}` };
  const query = parsed.data;
  if (query.client_id !== deps.client.clientId) return { page: 'unknown client' };
  const location = new URL(query.redirect_uri);
  if (!isLoopbackHost(location.hostname)) return { page: 'unknown redirect address' };
  location.searchParams.set('state', query.state);
  if (query.sandbox_user === 'deny') {
    location.searchParams.set('error', 'access_denied');
    return { location: location.href };
  }
  const account = deps.accounts.find(query.team ?? '') ?? deps.accounts.create();
  const { redirect_uri: redirectUri, code_challenge: challenge, scope } = query;
  location.searchParams.set('code', deps.codes.issue({ team: account.id, redirectUri, challenge, scope }));
  return { location: location.href };
}

type Form = Record<string, string | undefined>;

export function token(deps: DeskDeps, authorization: string | undefined, form: Form): Answer {
  const { tokens } = deps.machinery;
  if (clientProblem(deps.client, readClient(authorization, form))) return jsonAnswer(401, { error: 'invalid_client' });
  if (form['grant_type'] === 'refresh_token') {
    const held = tokens.find(form['refresh_token'] ?? '', 'refresh');
    if (held?.state !== 'live') return jsonAnswer(400, { error: 'invalid_grant' });
    tokens.markUsed(held.value);
    return issue(deps, { team: held.team, scopes: held.scopes, grantId: held.grantId });
  }
  const redeemed = deps.codes.redeem(form['code'] ?? '', form['redirect_uri']);
  const challenge = createHash('sha256')
    .update(form['code_verifier'] ?? '')
    .digest('base64url');
  if ('error' in redeemed || redeemed.consent.challenge !== challenge) return jsonAnswer(400, { error: 'invalid_grant' });
  const { team, scope } = redeemed.consent;
  return issue(deps, { team, scopes: scope.split(' '), grantId: tokens.newGrantId() });
}

/** RFC 7009. */
export function revoke(deps: DeskDeps, authorization: string | undefined, form: Form): Answer {
  if (clientProblem(deps.client, readClient(authorization, form))) return jsonAnswer(401, { error: 'invalid_client' });
  const { tokens } = deps.machinery;
  const held = tokens.find(form['token'] ?? '', 'refresh') ?? tokens.find(form['token'] ?? '', 'access');
  if (held) tokens.revokeGrant(held.grantId);
  return { status: 200, headers: {}, body: '' };
}

function issue({ machinery }: DeskDeps, grant: { team: string; scopes: readonly string[]; grantId: string }): Answer {
  const random = () => randomBytes(24).toString('hex');
  const [access, refresh] = [`desk-access-${random()}`, `desk-refresh-${random()}`];
  const held = { provider: 'desk', subject: grant.team, subjectType: 'account', ...grant };
  machinery.tokens.add({ ...held, value: access, kind: 'access', expiresAtMs: machinery.now() + ACCESS_LIFETIME_MS });
  machinery.tokens.add({ ...held, value: refresh, kind: 'refresh', expiresAtMs: null });
  return jsonAnswer(200, {
    access_token: access,
    refresh_token: refresh,
    token_type: 'Bearer',
    expires_in: ACCESS_LIFETIME_MS / 1_000,
    scope: grant.scopes.join(' '),
  });
}
