import { z } from 'zod';
import type { ClientCredentials } from '../../core/client-auth.ts';
import type { Machinery } from '../../core/machinery.ts';
import type { StoredToken, TokenGrant } from '../../core/tokens.ts';
import { parseArgs } from '../args.ts';
import type { RawArgs } from '../args.ts';
import { SlackError } from '../errors.ts';
import { APP, INSTALLER } from '../seed.ts';
import type { Workspace } from '../workspace.ts';
import type { Workspaces } from '../workspaces.ts';
import { requireClient } from './client-auth.ts';
import type { Consent, SlackCodes } from './codes.ts';
import { issueTokens } from './issue.ts';

export interface AccessDeps {
  machinery: Machinery;
  workspaces: Workspaces;
  codes: SlackCodes;
  client: ClientCredentials;
}

const argsSchema = z.strictObject({
  grant_type: z.string().default('authorization_code'),
  code: z.string().optional(),
  redirect_uri: z.string().optional(),
  refresh_token: z.string().optional(),
  client_id: z.string().optional(),
  client_secret: z.string().optional(),
});

function installation(workspace: Workspace) {
  return {
    app_id: APP.appId,
    team: { id: workspace.id, name: workspace.name },
    enterprise: null,
    is_enterprise_install: false,
  };
}

function requireWorkspace({ workspaces }: AccessDeps, id: string): Workspace {
  const workspace = workspaces.find(id);
  if (workspace === undefined) throw new Error(`a grant names workspace ${id}, which does not exist`);
  return workspace;
}

function exchangeConsent(deps: AccessDeps, consent: Consent) {
  const { tokens, now } = deps.machinery;
  const workspace = requireWorkspace(deps, consent.team);
  const issue = (subject: string, subjectType: string, scopes: string[]) => {
    const grant: TokenGrant = { provider: 'slack', team: workspace.id, subject, subjectType, scopes };
    return issueTokens(tokens, workspace, now, grant, tokens.newGrantId());
  };
  const bot =
    consent.botScopes.length === 0 ? {} : { ...issue(APP.botUserId, 'bot', consent.botScopes), bot_user_id: APP.botUserId };
  const user = consent.userScopes.length === 0 ? {} : issue(INSTALLER, 'user', consent.userScopes);
  return { ...bot, ...installation(workspace), authed_user: { id: INSTALLER, ...user } };
}

function refresh(deps: AccessDeps, refreshToken: string | undefined) {
  const { tokens, now } = deps.machinery;
  const stored = refreshToken === undefined ? undefined : tokens.find(refreshToken, 'refresh');
  if (stored?.state !== 'live') throw new SlackError('invalid_refresh_token');
  tokens.markUsed(stored.value);
  const workspace = requireWorkspace(deps, stored.team);
  const { provider, team, subject, subjectType, scopes } = stored;
  const issued = issueTokens(tokens, workspace, now, { provider, team, subject, subjectType, scopes }, stored.grantId);
  return { ...issued, ...subjectField(stored), ...installation(workspace) };
}

function subjectField({ subject, subjectType }: StoredToken) {
  return subjectType === 'bot' ? { bot_user_id: subject } : { user_id: subject };
}

/** The team that an exchange is about, for logs and faults; null when the code or token is none of ours. */
export function teamOfExchange({ machinery, codes }: AccessDeps, args: RawArgs): string | null {
  const { code, refresh_token: refreshToken } = z
    .object({ code: z.string().catch(''), refresh_token: z.string().catch('') })
    .parse(args);
  return codes.teamOf(code) ?? machinery.tokens.find(refreshToken, 'refresh')?.team ?? null;
}

/** https://docs.slack.dev/reference/methods/oauth.v2.access: a code, or a single-use refresh token, for tokens. */
export function oauthAccess(deps: AccessDeps, authorization: string | undefined, rawArgs: RawArgs): Record<string, unknown> {
  const args = parseArgs(argsSchema, rawArgs);
  requireClient(deps.client, authorization, args);
  if (args.grant_type === 'refresh_token') return refresh(deps, args.refresh_token);
  if (args.grant_type !== 'authorization_code') throw new SlackError('invalid_grant_type');
  const redeemed = deps.codes.redeem(args.code ?? '', args.redirect_uri);
  if ('error' in redeemed) throw new SlackError(redeemed.error);
  return exchangeConsent(deps, redeemed.consent);
}
