import { createHash, randomBytes } from 'node:crypto';
import { createSandboxClient } from '../client.ts';
import type { ConsentingPerson, SandboxClient } from '../client.ts';
import { startSandbox } from '../server.ts';
import { COMPOSE, MODIFY, READ, SEND } from './scopes.ts';

export const GOOGLE_CLIENT = { clientId: 'app.apps.googleusercontent.com', clientSecret: 'google-client-secret' };
export const REDIRECT_URI = 'http://127.0.0.1:4999/oauth/callback/gmail';

type Body = Record<string, unknown>;
interface Reply {
  status: number;
  headers: Headers;
  body: Body;
}

export interface GmailHarness {
  url: string;
  control: SandboxClient;
  close(): Promise<void>;
  authorizeUrl(query?: { [name: string]: string | undefined }): string;
  token(fields: { [name: string]: string }): Promise<Reply>;
  revoke(token: string): Promise<Reply>;
  /** Walks the whole flow in a new mailbox. */
  connect(person?: Omit<ConsentingPerson, 'team'>): Promise<{ mailbox: string; token: string; refreshToken: string; body: Body }>;
  api(token: string, path: string, body?: Body): Promise<Reply>;
}

export const VERIFIER = randomBytes(32).toString('base64url');
const QUERY = {
  client_id: GOOGLE_CLIENT.clientId,
  redirect_uri: REDIRECT_URI,
  response_type: 'code',
  scope: ['openid', 'email', READ, SEND, COMPOSE, MODIFY].join(' '),
  state: 's-1',
  access_type: 'offline',
  prompt: 'consent',
  include_granted_scopes: 'true',
  code_challenge: createHash('sha256').update(VERIFIER).digest('base64url'),
  code_challenge_method: 'S256',
};

/** A mail as an application would send it in. */
export function raw(lines: string[], text = 'Hello'): string {
  return Buffer.from([...lines, '', text].join('\r\n')).toString('base64url');
}

async function toReply(response: Response): Promise<Reply> {
  return { status: response.status, headers: response.headers, body: JSON.parse(await response.text()) as Body };
}

/** A sandbox with Gmail on a free port, with what its own tests say to it. */
export async function startGmailHarness(now?: () => number): Promise<GmailHarness> {
  const sandbox = await startSandbox({ clients: { gmail: GOOGLE_CLIENT }, ...(now && { now }) });
  const control = createSandboxClient(sandbox.url);
  const base = `${sandbox.url}/gmail`;
  const post = async (path: string, fields: { [name: string]: string }) =>
    toReply(await fetch(`${base}${path}`, { method: 'POST', body: new URLSearchParams(fields) }));
  const harness: GmailHarness = {
    url: base,
    control,
    close: sandbox.close,
    authorizeUrl: (changes = {}) => {
      const query = Object.entries({ ...QUERY, ...changes }).filter((one): one is [string, string] => one[1] !== undefined);
      return `${base}/o/oauth2/v2/auth?${new URLSearchParams(query).toString()}`;
    },
    token: (fields) =>
      post('/token', { client_id: GOOGLE_CLIENT.clientId, client_secret: GOOGLE_CLIENT.clientSecret, ...fields }),
    revoke: (token) => post('/revoke', { token }),
    async connect(person = {}) {
      const mailbox = await control.createAccount('gmail');
      const location = new URL(await control.authorize(harness.authorizeUrl(), { ...person, team: mailbox }));
      const { body } = await harness.token({
        grant_type: 'authorization_code',
        code: location.searchParams.get('code') ?? '',
        redirect_uri: REDIRECT_URI,
        code_verifier: VERIFIER,
      });
      return { mailbox, token: String(body['access_token']), refreshToken: String(body['refresh_token']), body };
    },
    async api(token, path, body) {
      const headers = { authorization: `Bearer ${token}`, ...(body && { 'content-type': 'application/json' }) };
      const init = body ? { method: 'POST', headers, body: JSON.stringify(body) } : { headers };
      return toReply(await fetch(`${base}/gmail/v1/users/me/${path}`, init));
    },
  };
  return harness;
}
