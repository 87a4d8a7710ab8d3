import { startSandbox } from './server.ts';
import type { Sandbox, SandboxOptions } from './server.ts';
import { createSandboxClient } from './client.ts';
import type { SandboxClient } from './client.ts';

export const CLIENT = { clientId: '1001.2002', clientSecret: 'slack-client-secret' };
export const REDIRECT_URI = 'http://127.0.0.1:4999/oauth/callback/slack';
export const ALL_SCOPES = [
  'channels:history',
  'channels:read',
  'chat:write',
  'im:history',
  'im:read',
  'im:write',
  'reactions:read',
  'reactions:write',
  'users:read',
  'users:read.email',
];
const DEFAULT_QUERY = { client_id: CLIENT.clientId, scope: ALL_SCOPES.join(','), redirect_uri: REDIRECT_URI, state: 's-1' };

export type Body = Record<string, unknown>;
interface SlackReply {
  status: number;
  headers: Headers;
  body: Body;
}

export interface Harness {
  sandbox: Sandbox;
  control: SandboxClient;
  authorizeUrl(query?: Record<string, string>): string;
  /** Posts to `oauth.v2.access`, with the client in the body unless `basic`. */
  exchange(fields: Record<string, string>, auth?: 'post' | 'basic'): Promise<SlackReply>;
  /** Walks the whole OAuth flow in a new workspace. */
  install(scopes?: string[], userScopes?: string[]): Promise<Installation>;
  call(method: string, token: string | null, args?: Body, as?: 'json' | 'form' | 'query'): Promise<SlackReply>;
}

export interface Installation {
  team: string;
  token: string;
  refreshToken: string;
  body: Body;
}

/** What became of a request whose answer may never come. */
export const outcomeOf = (request: Promise<unknown>): Promise<'answered' | 'lost'> =>
  request.then(
    () => 'answered',
    () => 'lost',
  );

async function toReply(response: Response): Promise<SlackReply> {
  const body: Body = JSON.parse(await response.text());
  return { status: response.status, headers: response.headers, body };
}

const asText = (args: Body) =>
  new URLSearchParams(
    Object.fromEntries(
      Object.entries(args).map(([key, value]) => [key, typeof value === 'string' ? value : JSON.stringify(value)]),
    ),
  );

interface Init {
  method?: string;
  body?: string | URLSearchParams;
  headers?: Record<string, string>;
}

function encode(args: Body, as: 'json' | 'form' | 'query'): { query: string; init: Init } {
  if (as === 'query') return { query: `?${asText(args).toString()}`, init: {} };
  if (as === 'form') return { query: '', init: { method: 'POST', body: asText(args) } };
  return {
    query: '',
    init: { method: 'POST', body: JSON.stringify(args), headers: { 'content-type': 'application/json; charset=utf-8' } },
  };
}

/** A sandbox on a free port, with what its own tests say to it. */
export async function startHarness(options: Partial<SandboxOptions> = {}): Promise<Harness> {
  const sandbox = await startSandbox({ clients: { slack: CLIENT }, ...options });
  const control = createSandboxClient(sandbox.url);
  const harness: Harness = {
    sandbox,
    control,
    authorizeUrl: (query = {}) =>
      `${sandbox.url}/slack/oauth/v2/authorize?${new URLSearchParams({ ...DEFAULT_QUERY, ...query }).toString()}`,
    async exchange(fields, auth = 'post') {
      const basic = Buffer.from(`${CLIENT.clientId}:${CLIENT.clientSecret}`).toString('base64');
      const posted = auth === 'post' ? { client_id: CLIENT.clientId, client_secret: CLIENT.clientSecret } : {};
      const headers: Record<string, string> = auth === 'basic' ? { authorization: `Basic ${basic}` } : {};
      const body = new URLSearchParams({ ...posted, ...fields });
      return toReply(await fetch(`${sandbox.url}/slack/api/oauth.v2.access`, { method: 'POST', body, headers }));
    },
    async install(scopes = ALL_SCOPES, userScopes = []) {
      const { team } = await control.createTeam();
      const url = harness.authorizeUrl({ scope: scopes.join(','), user_scope: userScopes.join(',') });
      const code = new URL(await control.authorize(url, { team })).searchParams.get('code') ?? '';
      const { body } = await harness.exchange({ code, redirect_uri: REDIRECT_URI });
      return { team, token: String(body['access_token']), refreshToken: String(body['refresh_token']), body };
    },
    async call(method, token, args = {}, as = 'json') {
      const { query, init } = encode(args, as);
      const headers = { ...init.headers, ...(token === null ? {} : { authorization: `Bearer ${token}` }) };
      return toReply(await fetch(`${sandbox.url}/slack/api/${method}${query}`, { ...init, headers }));
    },
  };
  return harness;
}
