import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Answer } from '../core/answer.ts';
import { exchange } from '../core/exchange.ts';
import { authorize } from './authorize.ts';
import type { GoogleOAuthDeps } from './deps.ts';
import { renderStatus } from './errors.ts';
import { answerRevoke, tokenIn } from './revoke.ts';
import { answerToken, renderOAuthError } from './token.ts';

/** What faults and barriers may name of Google's OAuth. */
export const OAUTH_METHODS = ['oauth.token', 'oauth.revoke'];

/** Google's consent page, token endpoint and the end of a grant, for one of its products. */
export function registerGoogleOAuth(app: FastifyInstance, deps: GoogleOAuthDeps): void {
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
}

/** The account that a token request is about; null when the code or token is none of ours. */
function teamOf({ codes, machinery }: GoogleOAuthDeps, form: string): string | null {
  const fields = new URLSearchParams(form);
  return (
    codes.teamOf(fields.get('code') ?? '') ?? machinery.tokens.find(fields.get('refresh_token') ?? '', 'refresh')?.team ?? null
  );
}

async function answerOAuth(
  { machinery, provider }: GoogleOAuthDeps,
  reply: FastifyReply,
  { method, team, act }: { method: string; team: string | null; act: () => Answer },
): Promise<void> {
  reply.hijack();
  // Nothing of the form goes into the log: it is made of secrets.
  const request = { provider, requestId: randomUUID(), args: {}, renderStatus, renderError: renderOAuthError };
  await exchange(machinery, { ...request, method, team, act }, reply.raw);
}
