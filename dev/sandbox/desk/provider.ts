import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { jsonAnswer, type Answer } from '../core/answer.ts';
import { createCodeStore } from '../core/codes.ts';
import { exchange } from '../core/exchange.ts';
import type { CreateProvider } from '../core/provider.ts';
import { createDeskAccounts, type DeskAccount } from './accounts.ts';
import { METHODS, problem, type DeskCall } from './methods.ts';
import { authorize, CODE_LIFETIME_MS, revoke, token, type DeskDeps } from './oauth.ts';

const DOCUMENT = readFileSync(new URL('./openapi.yaml', import.meta.url), 'utf8');

/** A provider that nobody has written a file for: a ticket desk with an OpenAPI document of its own, under `/desk`. */
export const createDeskProvider: CreateProvider = (machinery, client) => {
  const accounts = createDeskAccounts();
  const deps: DeskDeps = { machinery, client, accounts, codes: createCodeStore(machinery.now, CODE_LIFETIME_MS) };
  return {
    methods: new Set(Object.keys(METHODS)),
    hasTeam: (team) => accounts.find(team) !== undefined,
    createTeam: () => accounts.create().id,
    controls: (app) => {
      app.get<{ Params: { id: string } }>('/accounts/:id', (request, reply) => {
        const account = accounts.find(request.params.id);
        return account ? { api_key: account.apiKey } : reply.code(404).send({});
      });
    },
    routes: (app) => registerRoutes(app, deps),
  };
};

function registerRoutes(app: FastifyInstance, deps: DeskDeps): void {
  app.get('/openapi.yaml', (_request, reply) => reply.type('application/yaml').send(DOCUMENT));
  app.post('/sign-up', (request, reply) => {
    const { name } = objectOf(request.body);
    const account = deps.accounts.create(typeof name === 'string' ? name.slice(0, 80) : undefined);
    return reply.code(201).send({ account: account.id, api_key: account.apiKey });
  });
  app.get('/oauth/authorize', (request, reply) => {
    const outcome = authorize(deps, request.query);
    if ('location' in outcome) return reply.redirect(outcome.location, 302);
    return reply.code(400).type('text/plain').send(outcome.page);
  });
  for (const [path, act] of [
    ['/oauth/token', token],
    ['/oauth/revoke', revoke],
  ] as const) {
    app.post(path, (request, reply) => {
      const form = Object.fromEntries(new URLSearchParams(String(request.body)));
      const { status, headers, body } = act(deps, request.headers.authorization, form);
      return reply.code(status).headers(headers).send(body);
    });
  }
  for (const [name, { verb, path }] of Object.entries(METHODS)) {
    app.route<{ Params: { id?: string } }>({
      method: verb,
      url: `/v1${path}`,
      handler: (request, reply) => answer(deps, name, request, reply),
    });
  }
}

/** Whose the request is: by key, or by token. */
function accountOf({ accounts, machinery }: DeskDeps, { headers }: FastifyRequest): DeskAccount | undefined {
  const held = machinery.tokens.find(headers.authorization?.match(/^Bearer (\S+)$/)?.[1] ?? '', 'access');
  const isLive = held?.state === 'live' && (held.expiresAtMs ?? Infinity) > machinery.now();
  return isLive ? accounts.find(held.team) : accounts.findByKey(String(headers['x-api-key'] ?? ''));
}

async function answer(
  deps: DeskDeps,
  method: string,
  request: FastifyRequest<{ Params: { id?: string } }>,
  reply: FastifyReply,
): Promise<void> {
  const account = accountOf(deps, request);
  const requestId = randomUUID();
  const [path = '', query = ''] = request.url.split('?');
  const key = [request.headers['idempotency-key']].flat()[0];
  const call = (of: DeskAccount): DeskCall => ({
    account: of,
    id: request.params.id ?? '',
    query: new URLSearchParams(query),
    body: objectOf(request.body),
    now: deps.machinery.now,
    record: (details) => deps.machinery.effects.record({ provider: 'desk', team: of.id, method, request_id: requestId }, details),
  });
  reply.hijack();
  await exchange(
    deps.machinery,
    {
      provider: 'desk',
      team: account?.id ?? null,
      method,
      requestId,
      args: { path, query, ...(key !== undefined && { idempotency_key: key }) },
      act: () =>
        account ? keptAnswer(account, method, key, () => METHODS[method]!.run(call(account))) : problem(401, 'who_are_you'),
      renderStatus: (status, retryAfterS) =>
        jsonAnswer(status, { error: 'injected' }, retryAfterS === undefined ? {} : { 'retry-after': String(retryAfterS) }),
      renderError: (error) => problem(400, error),
    },
    reply.raw,
  );
}

/** Only opening a ticket knows keys. */
function keptAnswer({ kept }: DeskAccount, method: string, key: string | undefined, act: () => Answer): Answer {
  if (method !== 'createTicket' || key === undefined) return act();
  const made = kept.get(key) ?? act();
  kept.set(key, made);
  return made;
}

function objectOf(body: unknown): { [name: string]: unknown } {
  try {
    const value: unknown = JSON.parse(String(body));
    return typeof value === 'object' && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}
