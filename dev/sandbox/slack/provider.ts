import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createCodeStore } from '../core/codes.ts';
import { exchange } from '../core/exchange.ts';
import type { CreateProvider } from '../core/provider.ts';
import { registerSlackControls } from './control.ts';
import { METHODS } from './methods/registry.ts';
import type { AccessDeps } from './oauth/access.ts';
import { authorize } from './oauth/authorize.ts';
import { CODE_LIFETIME_MS } from './oauth/codes.ts';
import { toProviderRequest } from './web-api.ts';
import { slackWebhooks } from './webhooks.ts';
import { createWorkspaces } from './workspaces.ts';

interface WebApiRoute {
  Params: { method: string };
  Querystring: Record<string, unknown>;
  Body: string | undefined;
}

/** Slack, under `/slack`: its consent page and its Web API. */
export const createSlackProvider: CreateProvider = (machinery, client) => {
  const workspaces = createWorkspaces(machinery.now);
  const deps: AccessDeps = { machinery, workspaces, client, codes: createCodeStore(machinery.now, CODE_LIFETIME_MS) };
  return {
    methods: new Set([...METHODS.keys(), 'oauth.v2.access']),
    hasTeam: (team) => workspaces.find(team) !== undefined,
    createTeam: () => workspaces.ensure().id,
    controls: (app) => registerSlackControls(app, workspaces),
    routes: (app) => registerSlackRoutes(app, deps),
    webhooks: slackWebhooks(machinery, client),
  };
};

function registerSlackRoutes(app: FastifyInstance, deps: AccessDeps): void {
  app.get('/oauth/v2/authorize', (request, reply) => {
    const outcome = authorize({ ...deps, clientId: deps.client.clientId }, request.query);
    if ('location' in outcome) return reply.redirect(outcome.location, 302);
    return reply.code(400).type('text/plain').send(outcome.page);
  });
  app.route<WebApiRoute>({
    method: ['GET', 'POST'],
    url: '/api/:method',
    handler: (request, reply) => answerWebApi(deps, request, reply),
  });
}

async function answerWebApi(deps: AccessDeps, request: FastifyRequest<WebApiRoute>, reply: FastifyReply): Promise<void> {
  const call = {
    method: request.params.method,
    requestId: randomUUID(),
    authorization: request.headers.authorization,
    contentType: request.headers['content-type'],
    query: request.query,
    body: request.body ?? '',
  };
  const prepared = toProviderRequest(deps, call);
  // From here on the exchange owns the socket: it may answer in half, or never.
  reply.hijack();
  await exchange(deps.machinery, prepared, reply.raw);
}
