import { randomUUID } from 'node:crypto';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Answer } from '../core/answer.ts';
import { createCodeStore } from '../core/codes.ts';
import { exchange } from '../core/exchange.ts';
import type { CreateProvider } from '../core/provider.ts';
import { requireLive, requireScope } from '../google/access.ts';
import { CODE_LIFETIME_MS } from '../google/deps.ts';
import type { GoogleOAuthDeps } from '../google/deps.ts';
import { answering, GoogleError, renderError, renderStatus } from '../google/errors.ts';
import { OAUTH_METHODS, registerGoogleOAuth } from '../google/routes.ts';
import { createCalendars, HOME_ADDRESS } from './calendars.ts';
import type { Calendars } from './calendars.ts';
import { METHODS } from './methods.ts';
import type { CalendarMethod, MethodContext } from './methods.ts';
import { CALENDAR_SCOPES } from './scopes.ts';

interface CalendarDeps extends GoogleOAuthDeps {
  calendars: Calendars;
}

/** Google Calendar and the part of Google's OAuth that it needs, under `/calendar`. A team is a person, by their address. */
export const createCalendarProvider: CreateProvider = (machinery, client) => {
  const calendars = createCalendars(machinery.now);
  const deps: CalendarDeps = {
    provider: 'calendar',
    machinery,
    client,
    codes: createCodeStore(machinery.now, CODE_LIFETIME_MS),
    ensureAccount: calendars.ensure,
    homeAddress: HOME_ADDRESS,
    scopes: CALENDAR_SCOPES,
    calendars,
  };
  return {
    methods: new Set([...METHODS.map(({ name }) => name), ...OAUTH_METHODS]),
    hasTeam: (team) => calendars.find(team) !== undefined,
    createTeam: () => calendars.ensure().address,
    controls: () => undefined,
    routes: (app) => registerRoutes(app, deps),
  };
};

type ApiRoute = { Params: MethodContext['params']; Querystring: Record<string, unknown>; Body: string | undefined };

function registerRoutes(app: FastifyInstance, deps: CalendarDeps): void {
  registerGoogleOAuth(app, deps);
  for (const method of METHODS) {
    app.route<ApiRoute>({
      method: method.verb,
      url: `/calendar/v3${method.path}`,
      handler: (request, reply) => answerApi(deps, method, request, reply),
    });
  }
}

/** https://developers.google.com/workspace/calendar/api/guides/quota: requests a minute of each user. */
const PER_MINUTE = 600;

async function answerApi(
  deps: CalendarDeps,
  method: CalendarMethod,
  request: FastifyRequest<ApiRoute>,
  reply: FastifyReply,
): Promise<void> {
  const { machinery } = deps;
  const bearer = request.headers.authorization?.match(/^Bearer (\S+)$/i)?.[1];
  const requestId = randomUUID();
  // From here on the exchange owns the socket: it may answer in half, or never.
  reply.hijack();
  await exchange(
    machinery,
    {
      provider: 'calendar',
      team: machinery.tokens.find(bearer ?? '', 'access')?.team ?? null,
      method: method.name,
      requestId,
      args: { ...request.params, ...request.query, ...(request.body && { body: request.body }) },
      limits: [{ key: 'requests', units: 1, most: PER_MINUTE, perMs: 60_000 }],
      act: () => act(deps, method, request, { bearer, requestId }),
      renderStatus,
      renderError,
    },
    reply.raw,
  );
}

function act(
  deps: CalendarDeps,
  method: CalendarMethod,
  request: FastifyRequest<ApiRoute>,
  { bearer, requestId }: { bearer: string | undefined; requestId: string },
): Answer {
  let isEmpty = false;
  const answer = answering(() => {
    const token = requireLive(deps, bearer);
    const calendar = deps.calendars.find(token.team);
    if (calendar === undefined) throw new GoogleError(401, 'authError', 'Invalid Credentials');
    requireScope(token, method.scopes);
    const source = { provider: 'calendar', team: token.team, method: method.name, request_id: requestId };
    const made = method.call({
      calendar,
      params: request.params,
      query: request.query,
      body: request.body === undefined || request.body === '' ? undefined : parseJson(request.body),
      ifMatch: request.headers['if-match'],
      recordEffect: (details) => deps.machinery.effects.record(source, details),
    });
    isEmpty = made === undefined;
    return made ?? {};
  });
  return isEmpty ? { status: 204, headers: {}, body: '' } : answer;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new GoogleError(400, 'parseError', 'Parse Error');
  }
}
