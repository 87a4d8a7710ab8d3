import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import { ControlError, parseInput } from '../control/errors.ts';
import { createCodeStore } from '../core/codes.ts';
import { exchange } from '../core/exchange.ts';
import type { ProviderRequest } from '../core/exchange.ts';
import type { CreateProvider } from '../core/provider.ts';
import { account, METHODS, methodOf } from './accounting.ts';
import { createCompanies, REALM_ID } from './companies.ts';
import type { Companies } from './companies.ts';
import { renderError, renderStatus } from './faults.ts';
import { authorize, CODE_LIFETIME_MS, grantOfRevocation, revoke, teamOfForm, token } from './oauth.ts';
import type { OAuthDeps } from './oauth.ts';
import { quickBooksWebhooks } from './webhooks.ts';

/** QuickBooks Online, under `/quickbooks`: consent page, token endpoint, revoking, and the Accounting API. A team is a realm. */
export const createQuickBooksProvider: CreateProvider = (machinery, client) => {
  const companies = createCompanies(machinery.now);
  const deps: OAuthDeps = { machinery, client, companies, codes: createCodeStore(machinery.now, CODE_LIFETIME_MS) };
  return {
    methods: new Set([...METHODS, 'oauth.token', 'oauth.revoke']),
    hasTeam: (team) => companies.find(team) !== undefined,
    createTeam: () => companies.ensure().realmId,
    controls: (app) => registerControls(app, companies),
    routes: (app) => registerRoutes(app, deps),
    webhooks: quickBooksWebhooks(machinery, client),
  };
};

function registerRoutes(app: FastifyInstance, deps: OAuthDeps): void {
  app.get('/connect/oauth2', (request, reply) => {
    const outcome = authorize(deps, request.query);
    if ('location' in outcome) return reply.redirect(outcome.location, 302);
    return reply.code(400).type('text/plain').send(outcome.page);
  });
  app.post('/oauth2/v1/tokens/bearer', (request, reply) => {
    const form = Object.fromEntries(new URLSearchParams(textOf(request)));
    const args = { grant_type: form['grant_type'] };
    const act = () => token(deps, request.headers.authorization, form);
    return answer(deps, reply, { method: 'oauth.token', team: teamOfForm(deps, form), args, act });
  });
  app.post('/v2/oauth2/tokens/revoke', (request, reply) => {
    const body = jsonOf(textOf(request));
    const team = grantOfRevocation(deps, body)?.team ?? null;
    const requestId = randomUUID();
    const act = () => {
      const made = revoke(deps, request.headers.authorization, body);
      const source = { provider: 'quickbooks', team: team ?? '', method: 'oauth.revoke', request_id: requestId };
      if (made.status === 200) deps.machinery.effects.record(source, {});
      return made;
    };
    return answer(deps, reply, { method: 'oauth.revoke', team, args: {}, act, requestId });
  });
  app.route<{ Params: { realm: string; '*': string }; Querystring: Record<string, unknown> }>({
    method: ['GET', 'POST'],
    url: '/v3/company/:realm/*',
    handler: (request, reply) => answerAccounting(deps, request, reply),
  });
}

type AccountingRequest = FastifyRequest<{ Params: { realm: string; '*': string }; Querystring: Record<string, unknown> }>;

async function answerAccounting(deps: OAuthDeps, request: AccountingRequest, reply: FastifyReply): Promise<void> {
  const { realm, '*': path } = request.params;
  const company = deps.companies.find(realm);
  const method = methodOf(request.method, path) ?? `${request.method} ${path}`;
  const requestId = randomUUID();
  const bearer = request.headers.authorization?.match(/^Bearer (\S+)$/)?.[1];
  const body = textOf(request);
  const call = {
    verb: request.method,
    path,
    query: request.query,
    contentType: request.headers['content-type'],
    body,
    realmId: realm,
    bearer,
  };
  const source = { provider: 'quickbooks', team: realm, method, request_id: requestId };
  const act = () =>
    account(
      { machinery: deps.machinery, company, recordEffect: (details) => deps.machinery.effects.record(source, details) },
      call,
    );
  return answer(deps, reply, {
    method,
    limits: LIMITS,
    team: company === undefined ? null : realm,
    args: { ...request.query, ...(body !== '' && { body: jsonOf(body) }) },
    act,
    requestId,
  });
}

/** https://developer.intuit.com/app/developer/qbo/docs/learn/rest-api-features#limits-and-throttles, of each company. */
const LIMITS = [
  { key: 'minute', units: 1, most: 500, perMs: 60_000 },
  { key: 'second', units: 1, most: 10, perMs: 1_000 },
];

type Own = Pick<ProviderRequest, 'method' | 'team' | 'args' | 'act' | 'limits'> & { requestId?: string };

async function answer(deps: OAuthDeps, reply: FastifyReply, { requestId = randomUUID(), ...own }: Own): Promise<void> {
  // From here on the exchange owns the socket: it may answer in half, or never.
  reply.hijack();
  await exchange(deps.machinery, { provider: 'quickbooks', requestId, renderStatus, renderError, ...own }, reply.raw);
}

function textOf(request: FastifyRequest): string {
  return typeof request.body === 'string' ? request.body : '';
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const settingsSchema = z.strictObject({ requests_per_second: z.number().int().min(1).optional() });

/** Controls that only QuickBooks has: how much a company allows. */
function registerControls(app: FastifyInstance, companies: Companies): void {
  app.patch('/companies/:realm/settings', (request, reply) => {
    const { realm } = parseInput(z.strictObject({ realm: z.string().regex(REALM_ID) }), request.params);
    const company = companies.find(realm);
    if (company === undefined) throw new ControlError(404, `no company ${realm}`);
    company.requestsPerSecond = parseInput(settingsSchema, request.body).requests_per_second;
    return reply.code(204).send();
  });
}
