import { z } from 'zod';
import { isLoopbackHost } from '../../core/loopback.ts';
import { KNOWN_SCOPES, parseScopes } from '../scopes.ts';
import { HOME_TEAM, TEAM_ID } from '../workspaces.ts';
import type { Workspaces } from '../workspaces.ts';
import type { SlackCodes } from './codes.ts';

const querySchema = z.strictObject({
  client_id: z.string(),
  scope: z.string().default(''),
  user_scope: z.string().default(''),
  redirect_uri: z.url({ protocol: /^https?$/ }),
  state: z.string().optional(),
  /** Slack's own parameter: the workspace to install into. Here it is made when it does not exist. */
  team: z.string().regex(TEAM_ID).optional(),
  /** What the person in front of the page does. */
  sandbox_user: z.enum(['allow', 'deny']).default('allow'),
});

export interface AuthorizeDeps {
  clientId: string;
  codes: SlackCodes;
  workspaces: Workspaces;
}

/** Either the way back to the application or the error page that the person would see. */
export type AuthorizeOutcome = { location: string } | { page: string };

function findProblem(query: z.infer<typeof querySchema>, clientId: string): string | undefined {
  if (query.client_id !== clientId) return 'invalid_client_id';
  // Stands for the redirect URLs that are registered with an app: a sandbox sends codes to this machine only.
  if (!isLoopbackHost(new URL(query.redirect_uri).hostname)) return 'bad_redirect_uri';
  const scopes = [...parseScopes(query.scope), ...parseScopes(query.user_scope)];
  if (scopes.length === 0) return 'invalid_scope: no scopes requested';
  const unknown = scopes.filter((scope) => !KNOWN_SCOPES.has(scope));
  return unknown.length === 0 ? undefined : `invalid_scope: ${unknown.join(', ')}`;
}

/** Slack's consent page with a person who answers at once (https://docs.slack.dev/authentication/installing-with-oauth). */
export function authorize({ clientId, codes, workspaces }: AuthorizeDeps, rawQuery: unknown): AuthorizeOutcome {
  const parsed = querySchema.safeParse(rawQuery);
  if (!parsed.success) return { page: `invalid_arguments: ${z.prettifyError(parsed.error)}` };
  const query = parsed.data;
  const problem = findProblem(query, clientId);
  if (problem !== undefined) return { page: problem };
  const location = new URL(query.redirect_uri);
  if (query.sandbox_user === 'deny') {
    location.searchParams.set('error', 'access_denied');
  } else {
    const code = codes.issue({
      team: workspaces.ensure(query.team ?? HOME_TEAM).id,
      redirectUri: query.redirect_uri,
      botScopes: parseScopes(query.scope),
      userScopes: parseScopes(query.user_scope),
    });
    location.searchParams.set('code', code);
  }
  location.searchParams.set('state', query.state ?? '');
  return { location: location.href };
}
