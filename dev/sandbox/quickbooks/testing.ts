import { createSandboxClient } from '../client.ts';
import type { SandboxClient } from '../client.ts';
import { startSandbox } from '../server.ts';
import type { Sandbox } from '../server.ts';

export const CLIENT = { clientId: 'ABtest', clientSecret: 'quickbooks-client-secret' };
export const REDIRECT_URI = 'http://127.0.0.1:4999/oauth/callback/quickbooks';

type Json = Record<string, unknown>;
export interface Reply {
  status: number;
  headers: Headers;
  body: Json;
}

export interface QuickBooksHarness {
  sandbox: Sandbox;
  control: SandboxClient;
  authorizeUrl(query?: Record<string, string>): string;
  /** Posts to the token endpoint; the client by HTTP Basic unless another one is given. */
  exchange(fields: Record<string, string>, secret?: string): Promise<Reply>;
  /** Walks the whole flow with a company of its own. */
  connect(): Promise<Connected>;
  /** A request below `/v3/company`; `minorversion=75` is added. */
  call(verb: 'GET' | 'POST', path: string, token: string, body?: Json): Promise<Reply>;
}

export interface Connected {
  realm: string;
  token: string;
  refreshToken: string;
  callback: URL;
  body: Json;
}

async function toReply(response: Response): Promise<Reply> {
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? {} : JSON.parse(text) };
}

/** A sandbox with QuickBooks alone, with what its own tests say to it. */
export async function startQuickBooks(now?: () => number): Promise<QuickBooksHarness> {
  const sandbox = await startSandbox({ clients: { quickbooks: CLIENT }, ...(now && { now }) });
  const control = createSandboxClient(sandbox.url);
  const at = `${sandbox.url}/quickbooks`;
  const basic = (secret: string) => `Basic ${Buffer.from(`${CLIENT.clientId}:${secret}`).toString('base64')}`;
  const harness: QuickBooksHarness = {
    sandbox,
    control,
    authorizeUrl: (query = {}) => {
      const given = { client_id: CLIENT.clientId, response_type: 'code', redirect_uri: REDIRECT_URI, state: 's-1' };
      const scope = 'com.intuit.quickbooks.accounting';
      return `${at}/connect/oauth2?${new URLSearchParams({ ...given, scope, ...query }).toString()}`;
    },
    exchange: async (fields, secret = CLIENT.clientSecret) =>
      toReply(
        await fetch(`${at}/oauth2/v1/tokens/bearer`, {
          method: 'POST',
          body: new URLSearchParams(fields),
          headers: { authorization: basic(secret) },
        }),
      ),
    connect: async () => {
      const realm = await control.createAccount('quickbooks');
      const callback = new URL(await control.authorize(harness.authorizeUrl(), { team: realm }));
      const code = callback.searchParams.get('code') ?? '';
      const { body } = await harness.exchange({ grant_type: 'authorization_code', code, redirect_uri: REDIRECT_URI });
      return { realm, callback, body, token: String(body['access_token']), refreshToken: String(body['refresh_token']) };
    },
    call: async (verb, path, token, body) => {
      const url = new URL(`${at}/v3/company/${path}`);
      url.searchParams.set('minorversion', '75');
      const payload = body && { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
      return toReply(
        await fetch(url, { method: verb, ...payload, headers: { authorization: `Bearer ${token}`, ...payload?.headers } }),
      );
    },
  };
  return harness;
}
