import { randomBytes } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { createCodeStore } from '../core/codes.ts';
import { exchange } from '../core/exchange.ts';
import type { ProviderRequest } from '../core/exchange.ts';
import type { CreateProvider } from '../core/provider.ts';
import { createAccounts } from './accounts.ts';
import { accountOf, answerApi } from './api.ts';
import { renderError, renderFailure, renderStatus, StripeError } from './errors.ts';
import { parseForm } from './form.ts';
import type { StripeMethod } from './methods/method.ts';
import { METHODS } from './methods/registry.ts';
import { authorize, CODE_LIFETIME_MS, deauthorize, teamOfForm, token } from './oauth.ts';
import type { StripeDeps } from './oauth.ts';
import { stripeWebhooks } from './webhooks.ts';

/** Stripe, under `/stripe`: Connect's consent page, token endpoint and end, and the API below `/v1`. A team is an account. */
export const createStripeProvider: CreateProvider = (machinery, client) => {
  const accounts = createAccounts(machinery.now);
  const deps: StripeDeps = { machinery, client, accounts, codes: createCodeStore(machinery.now, CODE_LIFETIME_MS) };
  return {
    methods: new Set([...METHODS.map(({ name }) => name), 'oauth.token', 'oauth.deauthorize']),
    hasTeam: (team) => accounts.find(team) !== undefined,
    createTeam: () => accounts.ensure().id,
    controls: () => undefined,
    routes: (app) => registerRoutes(app, deps),
    webhooks: stripeWebhooks(machinery, client),
  };
};

function registerRoutes(app: FastifyInstance, deps: StripeDeps): void {
  app.get('/oauth/authorize', (request, reply) => {
    const outcome = authorize(deps, request.query);
    if ('location' in outcome) return reply.redirect(outcome.location, 302);
    return reply.code(400).type('text/plain').send(outcome.page);
  });
  app.post('/oauth/token', (request, reply) => {
    const form = Object.fromEntries(new URLSearchParams(textOf(request)));
    const act = () => token(deps, request.headers.authorization, form);
    return answer(deps, reply, { method: 'oauth.token', team: teamOfForm(deps, form), args: {}, act });
  });
  app.post('/oauth/deauthorize', (request, reply) => {
    const form = Object.fromEntries(new URLSearchParams(textOf(request)));
    const team = form['stripe_user_id'] ?? null;
    const requestId = newRequestId();
    const act = () => {
      const made = deauthorize(deps, request.headers.authorization, form);
      const source = { provider: 'stripe', team: team ?? '', method: 'oauth.deauthorize', request_id: requestId };
      if (made.status === 200) deps.machinery.effects.record(source, {});
      return made;
    };
    return answer(deps, reply, { method: 'oauth.deauthorize', team, args: {}, act, requestId });
  });
  for (const method of METHODS) {
    app.route<{ Params: { id?: string } }>({
      method: method.verb,
      url: `/v1${method.path}`,
      handler: (request, reply) => answerMethod(deps, method, request, reply),
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const message = `Unrecognized request URL (${request.method}: ${request.url}).`;
    const { status, body } = renderFailure(new StripeError(message, { status: 404 }));
    return reply.code(status).type('application/json').send(body);
  });
}

/** https://docs.stripe.com/rate-limits: of an account in test mode. */
const PER_SECOND = 25;

type MethodRequest = FastifyRequest<{ Params: { id?: string } }>;

async function answerMethod(deps: StripeDeps, method: StripeMethod, request: MethodRequest, reply: FastifyReply): Promise<void> {
  const { headers, url, params } = request;
  const header = (name: string) => [headers[name]].flat()[0];
  const requestId = newRequestId();
  const text = method.verb === 'POST' ? textOf(request) : (url.split('?')[1] ?? '');
  const call = {
    method,
    requestId,
    id: params.id ?? '',
    text,
    contentType: headers['content-type'],
    bearer: headers.authorization?.match(/^Bearer (\S+)$/)?.[1],
    onBehalfOf: header('stripe-account'),
    version: header('stripe-version'),
    idempotencyKey: header('idempotency-key'),
  };
  const account = accountOf(deps, call);
  const key = call.idempotencyKey ?? requestId;
  if (account && !account.inUse.has(key)) account.inUse.set(key, requestId);
  const args = { ...params, ...parseForm(text), ...(call.idempotencyKey !== undefined && { idempotency_key: key }) };
  const act = () => answerApi(deps, call);
  const limits = [{ key: 'requests', units: 1, most: PER_SECOND, perMs: 1_000 }];
  await answer(deps, reply, { method: method.name, team: account?.id ?? null, args, limits, act, requestId });
  if (account?.inUse.get(key) === requestId) account.inUse.delete(key);
}

type Own = Pick<ProviderRequest, 'method' | 'team' | 'args' | 'limits' | 'act'> & { requestId?: string };

async function answer(deps: StripeDeps, reply: FastifyReply, { requestId = newRequestId(), ...own }: Own): Promise<void> {
  // From here on the exchange owns the socket: it may answer in half, or never.
  reply.hijack();
  await exchange(deps.machinery, { provider: 'stripe', requestId, renderStatus, renderError, ...own }, reply.raw);
}

const newRequestId = () => `req_${randomBytes(8).toString('hex')}`;

function textOf(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}
