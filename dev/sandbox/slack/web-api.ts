import { z } from 'zod';
import type { Answer } from '../core/answer.ts';
import type { ProviderRequest } from '../core/exchange.ts';
import { readArgs, withoutSecrets } from './args.ts';
import type { RawArgs } from './args.ts';
import { readToken, requireLiveToken } from './authenticate.ts';
import { SlackError, answering, renderError, renderStatus } from './errors.ts';
import { limitsOf } from './limits.ts';
import { METHODS } from './methods/registry.ts';
import type { SlackBody } from './methods/method.ts';
import { oauthAccess, teamOfExchange } from './oauth/access.ts';
import type { AccessDeps } from './oauth/access.ts';

/** An HTTP request as far as Slack looks at it. */
export interface WebApiCall {
  method: string;
  requestId: string;
  authorization: string | undefined;
  contentType: string | undefined;
  query: unknown;
  body: string;
}

type ReadArgs = { args: RawArgs; problem?: SlackError };

function tryReadArgs(call: WebApiCall): ReadArgs {
  const query = z.record(z.string(), z.unknown()).parse(call.query);
  try {
    return { args: readArgs(query, call.contentType, call.body) };
  } catch (error) {
    if (error instanceof SlackError) return { args: query, problem: error };
    throw error;
  }
}

/** Prepares a Web API call for the exchange: whose it is, and what it would do. */
export function toProviderRequest(deps: AccessDeps, call: WebApiCall): ProviderRequest {
  const { args, problem } = tryReadArgs(call);
  const shared = {
    provider: 'slack',
    method: call.method,
    requestId: call.requestId,
    args: withoutSecrets(args),
    renderStatus,
    renderError,
  };
  const failing = () => {
    if (problem !== undefined) throw problem;
  };
  if (call.method === 'oauth.v2.access') {
    const run = () => (failing(), oauthAccess(deps, call.authorization, args));
    return { ...shared, team: teamOfExchange(deps, args), act: () => answering(run, idHeader(call)) };
  }
  const { token: field, ...methodArgs } = args;
  const token = readToken(call.authorization, field);
  const team = token === undefined ? null : (deps.machinery.tokens.find(token, 'access')?.team ?? null);
  const workspace = team === null ? undefined : deps.workspaces.find(team);
  const limits = limitsOf(call.method, methodArgs, workspace);
  return { ...shared, team, limits, act: () => runMethod(deps, call, token, () => (failing(), methodArgs)) };
}

const idHeader = (call: WebApiCall) => ({ 'x-slack-req-id': call.requestId });

function runMethod(deps: AccessDeps, call: WebApiCall, tokenValue: string | undefined, readMethodArgs: () => RawArgs): Answer {
  const { machinery, workspaces } = deps;
  const method = METHODS.get(call.method);
  const headers: Record<string, string> = idHeader(call);
  const run = (): SlackBody => {
    if (method === undefined) throw new SlackError('unknown_method', { req_method: call.method });
    const token = requireLiveToken(machinery.tokens, tokenValue, machinery.now);
    const workspace = workspaces.find(token.team);
    if (workspace === undefined) throw new SlackError('invalid_auth');
    headers['x-oauth-scopes'] = token.scopes.join(',');
    headers['x-accepted-oauth-scopes'] = (method.scopes ?? []).join(',');
    const source = { provider: 'slack', team: workspace.id, method: method.name, request_id: call.requestId };
    return method.call(
      {
        workspace,
        token,
        actor: token.subject,
        isBot: token.subjectType === 'bot',
        now: machinery.now,
        recordEffect: (details) => machinery.effects.record(source, details),
        revokeGrant: (grantId) => machinery.tokens.revokeGrant(grantId),
      },
      readMethodArgs(),
    );
  };
  return answering(run, headers);
}
