import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createClientCredentialsSource } from './service-token.ts';
import type { ClientCredentialsConfig } from './service-token.ts';
import { createTokenCache } from './token-cache.ts';

type Asked = { authorization: string | undefined; type: string | undefined; form: Record<string, string> };
type Answer = { status: number; body: string };

let server: Server;
let tokenUrl: string;
let asked: Asked[];
let answer: (count: number) => Answer | 'reset';
let nowMs: number;

beforeEach(async () => {
  asked = [];
  nowMs = 1_000_000;
  answer = (count) => ({
    status: 200,
    body: JSON.stringify({ access_token: `t${count}`, token_type: 'Bearer', expires_in: 900 }),
  });
  server = createServer((request, response) => void respond(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  tokenUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/oauth2/token`;
});
afterEach(() => server.close());

async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const form = Object.fromEntries(new URLSearchParams(await text(request)));
  asked.push({ authorization: request.headers.authorization, type: request.headers['content-type'], form });
  const reply = answer(asked.length);
  if (reply === 'reset') request.socket.destroy();
  else response.writeHead(reply.status, { 'content-type': 'application/json' }).end(reply.body);
}

const source = (config: Partial<ClientCredentialsConfig> = {}) =>
  createClientCredentialsSource({
    tokenUrl,
    clientId: 'client1',
    clientSecret: 's3cret-value',
    now: () => nowMs,
    random: () => 0.5,
    ...config,
  });

test('the request has the form that Cognito documents', async () => {
  expect(await source({ scope: 'clancy/agent clancy/x', metadata: { assertion: 'a.b.c' } }).token()).toBe('t1');
  expect(asked).toEqual([
    {
      authorization: `Basic ${Buffer.from('client1:s3cret-value').toString('base64')}`,
      type: 'application/x-www-form-urlencoded;charset=UTF-8',
      form: {
        grant_type: 'client_credentials',
        scope: 'clancy/agent clancy/x',
        aws_client_metadata: '{"assertion":"a.b.c"}',
      },
    },
  ]);
});

test('a token serves for three quarters of its life, then is renewed behind the scenes', async () => {
  const { token } = source();
  expect(await token()).toBe('t1');
  nowMs += 670_000;
  expect(await token()).toBe('t1');
  expect(asked).toHaveLength(1);
  nowMs += 10_000;
  expect(await token()).toBe('t1');
  await vi.waitFor(async () => expect(await token()).toBe('t2'));
  expect(asked).toHaveLength(2);
});

test('nobody notices an issuer that is down from minute 11 to 14 of a 15 minute token', async () => {
  const { token } = source();
  await token();
  answer = () => ({ status: 503, body: '' });
  for (let minute = 11; minute < 14; minute += 0.25) {
    nowMs = 1_000_000 + minute * 60_000;
    expect(await token()).toBe('t1');
  }
  expect(asked.length).toBeLessThan(20);
  answer = () => ({ status: 200, body: JSON.stringify({ access_token: 'new', token_type: 'Bearer', expires_in: 900 }) });
  await vi.waitFor(async () => {
    nowMs += 5_000;
    expect(await token()).toBe('new');
  });
});

test('while the issuer is down and the token still serves, it is asked every five seconds at most', async () => {
  const send = vi.fn<typeof fetch>(async () => Response.json({ access_token: 't', token_type: 'Bearer', expires_in: 900 }));
  const { token } = source({ fetch: send });
  await token();
  send.mockImplementation(async () => new Response(null, { status: 503 }));
  nowMs += 700_000;
  for (let n = 0; n < 20; n += 1) {
    await token();
    await setImmediate();
  }
  expect(send).toHaveBeenCalledTimes(2);
  nowMs += 5_000;
  await token();
  expect(send).toHaveBeenCalledTimes(3);
});

test('a token that is about to end is not handed out', async () => {
  const { token } = source();
  await token();
  nowMs += 895_000;
  expect(await token()).toBe('t2');
});

test('fifty callers with two sets of scopes make two requests, and nobody gets the scopes of the other', async () => {
  answer = (count) => {
    const { scope } = asked[count - 1]?.form ?? {};
    return { status: 200, body: JSON.stringify({ access_token: `for:${scope}`, token_type: 'Bearer', expires_in: 900 }) };
  };
  const cache = createTokenCache({ now: () => nowMs });
  const [read, write] = [source({ cache, scope: 'a/read' }), source({ cache, scope: 'a/write' })];
  const tokens = await Promise.all(Array.from({ length: 50 }, (_, n) => (n % 2 === 0 ? read : write).token()));
  expect(asked).toHaveLength(2);
  expect(tokens.every((token, n) => token === (n % 2 === 0 ? 'for:a/read' : 'for:a/write'))).toBe(true);
});

test.each<[string, Partial<ClientCredentialsConfig>, number]>([
  ['another client', { clientId: 'client2' }, 2],
  ['other metadata', { metadata: { org: 'b' } }, 2],
  ['fewer scopes', { scope: 'a/read' }, 2],
  ['the same scopes in another order', { scope: 'a/write a/read' }, 1],
])('in a shared cache %s has its own token unless it means the same', async (_name, change, requests) => {
  const cache = createTokenCache({ now: () => nowMs });
  const base = { cache, scope: 'a/read a/write', metadata: { org: 'a' } };
  await source(base).token();
  await source({ ...base, ...change }).token();
  expect(asked).toHaveLength(requests);
});

test.each<[string, Answer | 'reset', { code: string; oauthError?: string | undefined }]>([
  [
    'refuses the client',
    { status: 400, body: '{"error":"invalid_client"}' },
    { code: 'token_refused', oauthError: 'invalid_client' },
  ],
  ['is overloaded', { status: 429, body: '{"error":"slow_down"}' }, { code: 'token_unavailable' }],
  ['fails', { status: 500, body: '{"error":"server_error"}' }, { code: 'token_unavailable' }],
  ['answers garbage', { status: 200, body: '<html>' }, { code: 'token_unavailable' }],
  ['answers half a token', { status: 200, body: '{"access_token":"t"}' }, { code: 'token_unavailable' }],
  [
    'answers a token of another type',
    { status: 200, body: '{"access_token":"t","token_type":"mac","expires_in":9}' },
    { code: 'token_unavailable' },
  ],
  ['echoes text as its error', { status: 400, body: '{"error":"bad s3cret-value!"}' }, { code: 'token_unavailable' }],
  ['hangs up', 'reset', { code: 'token_unavailable' }],
])('an issuer that %s is told apart, and the error holds no secret', async (_name, reply, expected) => {
  answer = () => reply;
  const error: unknown = await source()
    .token()
    .catch((thrown: unknown) => thrown);
  expect(error).toMatchObject(expected);
  expect(`${String(error)}${JSON.stringify(error)}${error instanceof Error ? error.stack : ''}`).not.toContain('s3cret');
  expect(error).not.toHaveProperty('cause');
});

test('a failed first request is not remembered', async () => {
  answer = () => ({ status: 500, body: '' });
  const { token } = source();
  await expect(token()).rejects.toMatchObject({ code: 'token_unavailable' });
  answer = () => ({ status: 200, body: '{"access_token":"t","token_type":"Bearer","expires_in":900}' });
  expect(await token()).toBe('t');
});

test('a redirect is not followed: the secret goes nowhere else', async () => {
  const send = vi.fn<typeof fetch>(async () => Response.json({ access_token: 't', token_type: 'Bearer', expires_in: 900 }));
  await source({ fetch: send }).token();
  expect(send.mock.calls[0]?.[1]).toMatchObject({ redirect: 'error' });
  expect(send.mock.calls[0]?.[1]?.signal).toBeInstanceOf(AbortSignal);
});

test('a cache forgets the oldest token rather than growing', async () => {
  const cache = createTokenCache({ maxEntries: 2, now: () => nowMs });
  for (const clientId of ['a', 'b', 'c', 'c', 'b', 'a']) await source({ cache, clientId }).token();
  const clients = asked.map(({ authorization }) => Buffer.from(authorization?.slice(6) ?? '', 'base64').toString()[0]);
  expect(clients).toEqual(['a', 'b', 'c', 'a']);
});
