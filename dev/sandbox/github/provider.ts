import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createCodeStore } from '../core/codes.ts';
import { exchange } from '../core/exchange.ts';
import type { ProviderRequest } from '../core/exchange.ts';
import type { CreateProvider } from '../core/provider.ts';
import { answerApi } from './api.ts';
import { renderErrorAt, renderStatus } from './errors.ts';
import type { GitHubMethod, MethodContext } from './methods.ts';
import { METHODS } from './methods.ts';
import { authorize, CODE_LIFETIME_MS, deleteGrant, oauthError, teamOfForm, token, tokenOfGrant } from './oauth.ts';
import type { GitHubDeps } from './oauth.ts';
import { createPeople } from './people.ts';
import { githubWebhooks } from './webhooks.ts';

/** GitHub for a GitHub App, under `/github`: consent page, token endpoint, the end of a grant, and the REST API. A team is a person. */
export const createGitHubProvider: CreateProvider = (machinery, client) => {
  const people = createPeople(machinery.now);
  const deps: GitHubDeps = { machinery, client, people, codes: createCodeStore(machinery.now, CODE_LIFETIME_MS) };
  return {
    methods: new Set([...METHODS.map(({ name }) => name), 'oauth.token', 'oauth.grant.delete']),
    hasTeam: (team) => people.find(team) !== undefined,
    createTeam: () => people.ensure().id,
    controls: () => undefined,
    routes: (app) => registerRoutes(app, deps),
    webhooks: githubWebhooks(client),
  };
};

function registerRoutes(app: FastifyInstance, deps: GitHubDeps): void {
  app.get('/login/oauth/authorize', (request, reply) => {
    const outcome = authorize(deps, request.query);
    if ('location' in outcome) return reply.redirect(outcome.location, 302);
    return reply.code(400).type('text/plain').send(outcome.page);
  });
  app.post('/login/oauth/access_token', (request, reply) => {
    const form = Object.fromEntries(new URLSearchParams(textOf(request)));
    const act = () => token(deps, form);
    const own = { method: 'oauth.token', team: teamOfForm(deps, form), args: {}, act };
    return answer(deps, reply, { ...own, renderError: oauthError });
  });
  app.delete<{ Params: { client: string } }>('/applications/:client/grant', (request, reply) => {
    const body = textOf(request);
    const team = tokenOfGrant(deps, body)?.team ?? null;
    const requestId = randomUUID();
    const act = () => {
      const made = deleteGrant(deps, request.headers.authorization, request.params.client, body);
      const source = { provider: 'github', team: team ?? '', method: 'oauth.grant.delete', request_id: requestId };
      if (made.status === 204) deps.machinery.effects.record(source, {});
      return made;
    };
    return answer(deps, reply, { method: 'oauth.grant.delete', team, args: {}, act, requestId });
  });
  for (const method of METHODS) {
    app.route<{ Params: MethodContext['params']; Querystring: Record<string, unknown> }>({
      method: method.verb,
      url: method.path,
      handler: (request, reply) => answerMethod(deps, method, request, reply),
    });
  }
}

/** The secondary limit of what makes something. https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api */
const WRITES_PER_MINUTE = 80;

type MethodRequest = FastifyRequest<{ Params: MethodContext['params']; Querystring: Record<string, unknown> }>;

function answerMethod(deps: GitHubDeps, method: GitHubMethod, request: MethodRequest, reply: FastifyReply): Promise<void> {
  const { headers, params, query } = request;
  const bearer = headers.authorization?.match(/^(?:Bearer|token) (\S+)$/i)?.[1];
  const text = textOf(request);
  const url = `${request.protocol}://${headers.host}${request.url.split('?')[0]}`;
  const requestId = randomUUID();
  const call = { method, requestId, params, query, text, bearer, userAgent: headers['user-agent'], url };
  const team = deps.machinery.tokens.find(bearer ?? '', 'access')?.team ?? null;
  const args = { ...params, ...query, ...(text !== '' && { body: text }) };
  const limits = method.verb === 'GET' ? [] : [{ key: 'writes', units: 1, most: WRITES_PER_MINUTE, perMs: 60_000 }];
  return answer(deps, reply, { method: method.name, team, args, limits, act: () => answerApi(deps, call), requestId });
}

type Own = Pick<ProviderRequest, 'method' | 'team' | 'args' | 'limits' | 'act'> &
  Partial<Pick<ProviderRequest, 'requestId' | 'renderError'>>;

async function answer(deps: GitHubDeps, reply: FastifyReply, { requestId = randomUUID(), ...own }: Own): Promise<void> {
  const { machinery } = deps;
  // From here on the exchange owns the socket: it may answer in half, or never.
  reply.hijack();
  const renderError = (word: string) => renderErrorAt(word, machinery.now());
  await exchange(machinery, { provider: 'github', requestId, renderStatus, renderError, ...own }, reply.raw);
}

function textOf(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}
