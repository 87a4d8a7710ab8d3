import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Answer } from '../core/answer.ts';
import { createCodeStore } from '../core/codes.ts';
import { exchange } from '../core/exchange.ts';
import type { CreateProvider } from '../core/provider.ts';
import { answerApi } from './api.ts';
import type { ApiRoute } from './api.ts';
import { registerGmailControls } from './control.ts';
import type { GmailDeps } from './deps.ts';
import { renderStatus } from './errors.ts';
import { createMailboxes } from './mailboxes.ts';
import { METHODS } from './methods/registry.ts';
import { authorize } from './oauth/authorize.ts';
import { answerRevoke, tokenIn } from './oauth/revoke.ts';
import { answerToken, renderOAuthError } from './oauth/token.ts';
import { createQuota } from './quota.ts';

/** Google's codes are good for minutes; how many is not said. */
const CODE_LIFETIME_MS = 600_000;

/** Gmail and the part of Google's OAuth that it needs, under `/gmail`. */
export const createGmailProvider: CreateProvider = (machinery, client) => {
  const mailboxes = createMailboxes(machinery.now);
  const codes: GmailDeps['codes'] = createCodeStore(machinery.now, CODE_LIFETIME_MS);
  const deps: GmailDeps = { machinery, mailboxes, client, codes, quota: createQuota(machinery.now) };
  return {
    methods: new Set([...METHODS.map(({ name }) => name), 'oauth.token', 'oauth.revoke']),
    hasTeam: (team) => mailboxes.find(team) !== undefined,
    createTeam: () => mailboxes.ensure().address,
    controls: (app) => registerGmailControls(app, mailboxes),
    routes: (app) => registerRoutes(app, deps),
  };
};

function registerRoutes(app: FastifyInstance, deps: GmailDeps): void {
  app.get('/o/oauth2/v2/auth', (request, reply) => {
    const outcome = authorize(deps, request.query);
    if ('location' in outcome) return reply.redirect(outcome.location, 302);
    return reply.code(400).type('text/plain').send(outcome.page);
  });
  app.post<{ Body: string | undefined }>('/token', (request, reply) => {
    const form = request.body ?? '';
    const issuer = `${request.protocol}://${request.headers.host}`;
    const { authorization } = request.headers;
    return answerOAuth(deps, reply, {
      method: 'oauth.token',
      team: teamOf(deps, form),
      act: () => answerToken(deps, { authorization, form, issuer }),
    });
  });
  app.post<{ Body: string | undefined }>('/revoke', (request, reply) => {
    const form = request.body ?? '';
    return answerOAuth(deps, reply, {
      method: 'oauth.revoke',
      team: tokenIn(deps, form)?.team ?? null,
      act: () => answerRevoke(deps, form),
    });
  });
  for (const method of METHODS) {
    app.route<ApiRoute>({
      method: method.verb,
      url: `/gmail/v1/users/me${method.path}`,
      handler: (request, reply) => answerApi(deps, method, request, reply),
    });
  }
}

/** The mailbox that a token request is about; null when the code or token is none of ours. */
function teamOf({ codes, machinery }: GmailDeps, form: string): string | null {
  const fields = new URLSearchParams(form);
  return (
    codes.teamOf(fields.get('code') ?? '') ?? machinery.tokens.find(fields.get('refresh_token') ?? '', 'refresh')?.team ?? null
  );
}

async function answerOAuth(
  { machinery }: GmailDeps,
  reply: FastifyReply,
  { method, team, act }: { method: string; team: string | null; act: () => Answer },
): Promise<void> {
  reply.hijack();
  // Nothing of the form goes into the log: it is made of secrets.
  const request = { provider: 'gmail', requestId: randomUUID(), args: {}, renderStatus, renderError: renderOAuthError };
  await exchange(machinery, { ...request, method, team, act }, reply.raw);
}
