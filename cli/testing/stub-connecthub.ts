import { z } from 'zod';
import * as fixtures from './fixtures.ts';
import { GOOD_TOKEN, missing, ok, page, problem, route, type Answer, type Route } from './stub-route.ts';
import type { StubState } from './stub-state.ts';

export function connecthubRoutes(state: StubState): Route[] {
  return [...hubRoutes(state), ...signInRoutes(state)];
}

const resolveBody = z.discriminatedUnion('resolution', [
  z.strictObject({ resolution: z.literal('happened'), result: z.json().optional() }),
  z.strictObject({ resolution: z.literal('did_not_happen') }),
]);

const auth0Body = z.strictObject({ provider: z.string(), connection: z.string(), refresh_token: z.string() });

function hubRoutes(state: StubState): Route[] {
  return [
    route('GET /health', () => ok({ status: 'ok', waivers: ['sandbox'] }), true),
    route('GET /capabilities', ({ url }) => {
      const wanted = url.searchParams.get('provider') ?? 'slack';
      return ok({ providers: wanted === 'slack' ? [fixtures.slackCatalogue] : [] });
    }),
    route('GET /connections', () => page(state.connections)),
    route('POST /connections/auth0', ({ body }) => {
      const { provider } = auth0Body.parse(body);
      const { connection_id, account_name, scopes } = fixtures.connection;
      return { status: 201, body: { connection_id, provider, account_name, scopes } };
    }),
    route('DELETE /connections/:', ({ ids }) => {
      if (!state.connections.some(({ connection_id }) => connection_id === ids[0])) return missing();
      state.connections = [];
      return { status: 204 };
    }),
    route('PUT /connections/:/receiving', ({ ids, body }) =>
      ok({ connection_id: ids[0], ...z.strictObject({ receiving: z.boolean() }).parse(body) }),
    ),
    route('GET /webhooks/events', () => page([fixtures.parkedEvent])),
    route('POST /webhooks/events/:/retry', ({ ids }) =>
      ids[0] === fixtures.parkedEvent.event_id ? ok({ ...fixtures.parkedEvent, state: 'unsent' }) : missing(),
    ),
    route('GET /receipts', () => page([state.receipt])),
    route('GET /receipts/:', ({ ids }) => (ids[0] === state.receipt.call_id ? ok(state.receipt) : missing())),
    route('POST /receipts/:/resolve', ({ body }) => {
      const { resolution } = resolveBody.parse(body);
      const outcome = resolution === 'happened' ? 'succeeded' : 'refused';
      state.receipt = { ...state.receipt, outcome, resolution, resolved_by: 'user_bob', resolved_at: '2025-06-09T19:00:00.000Z' };
      return ok(state.receipt);
    }),
  ];
}

/** The issuer of people's tokens, and a consent in a browser: code -> cookie -> provider -> back with the cookie. */
function signInRoutes(state: StubState): Route[] {
  const redirect = (location: string, headers: object = {}): Answer => ({ status: 302, headers: { location, ...headers } });
  return [
    route(
      'POST /people/token',
      ({ body }) => {
        z.strictObject({ user_id: z.string(), org_id: z.string(), role: z.string() }).parse(body);
        return ok({ token: GOOD_TOKEN, expires_in: 900 });
      },
      true,
    ),
    route(
      'GET /oauth/launch/slack',
      ({ url, headers }) => {
        if (url.searchParams.get('code') === 'once') {
          const consent = `${state.consentOrigin ?? state.url}/slack/oauth/v2/authorize`;
          return redirect(consent, { 'set-cookie': 'clancy_oauth=browser-1; Path=/oauth/; HttpOnly' });
        }
        if (headers.authorization !== `Bearer ${GOOD_TOKEN}`)
          return problem(401, 'unauthenticated', 'A bearer token is required.');
        return ok({ url: `${state.url}/oauth/launch/slack?code=once` });
      },
      true,
    ),
    route('GET /slack/oauth/v2/authorize', () => redirect('/oauth/callback/slack?code=c&state=s'), true),
    route(
      'GET /oauth/callback/slack',
      ({ headers }) => {
        if (headers.cookie !== 'clancy_oauth=browser-1') return problem(400, 'oauth_state_invalid', 'Another browser.');
        state.connections = [fixtures.connection];
        const { connection_id, provider, account_name, scopes } = fixtures.connection;
        return ok({ connection_id, provider, account_name, scopes });
      },
      true,
    ),
  ];
}
