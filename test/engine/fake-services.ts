import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { z } from 'zod';
import type { JsonObject } from '../../contracts/json.ts';

/** A call as ConnectHub sees it. */
export interface SeenCall {
  callId: string;
  capability: string;
  parameters: JsonObject;
  /** How often this call id has come, this time included. */
  attempt: number;
}
export interface FakeAnswer {
  status: number;
  body: object;
  retryAfter?: number;
  /** Answer only when this settles; the request stays open until then. */
  after?: Promise<unknown>;
}
export type Hub = (call: SeenCall) => FakeAnswer;

const bodySchema = z.strictObject({ connection_id: z.string(), parameters: z.record(z.string(), z.json()) });

/**
 * Agent-Core's token exchange and ConnectHub's proxy over HTTP, scripted per run. Whatever they are not meant to be asked is
 * answered with 418, and `close` throws.
 */
export async function startFakeServices() {
  const hubs = new Map<string, Hub>();
  const calls = new Map<string, SeenCall[]>();
  const unexpected: string[] = [];
  let tokens = 0;

  async function answerTo(request: IncomingMessage): Promise<FakeAnswer> {
    const text = await readAll(request);
    if (request.url === '/internal/agent-tokens' && request.headers.authorization === 'Bearer worker-token') {
      tokens += 1;
      return {
        status: 200,
        body: { access_token: `agent-token-${tokens}`, expires_at: new Date(Date.now() + 900_000).toISOString() },
      };
    }
    const runId = runIdOf(String(request.headers['clancy-run-ticket'] ?? ''));
    const hub = hubs.get(runId);
    if (!request.url?.startsWith('/proxy/') || !hub || !request.headers.authorization?.startsWith('Bearer agent-token-')) {
      unexpected.push(`${request.method} ${request.url} ${runId}`);
      return { status: 418, body: {} };
    }
    const callId = String(request.headers['idempotency-key']);
    const seen = calls.get(runId) ?? [];
    const { parameters } = bodySchema.parse(JSON.parse(text));
    const call = {
      callId,
      capability: request.url.slice('/proxy/'.length),
      parameters: parameters as JsonObject,
      attempt: seen.filter((known) => known.callId === callId).length + 1,
    };
    calls.set(runId, [...seen, call]);
    return hub(call);
  }

  async function respond(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, body, retryAfter, after } = await answerTo(request);
    await after;
    response.writeHead(status, {
      'content-type': 'application/json',
      ...(retryAfter !== undefined && { 'retry-after': String(retryAfter) }),
    });
    response.end(JSON.stringify(body));
  }

  const server = createServer((request, response) => {
    void respond(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    script: (runId: string, hub: Hub) => void hubs.set(runId, hub),
    callsOf: (runId: string) => calls.get(runId) ?? [],
    tokensGiven: () => tokens,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      if (unexpected.length > 0) throw new Error(`requests that nobody expected: ${unexpected.join(', ')}`);
    },
  };
}

export function succeed({ callId }: SeenCall, result: JsonObject = {}): FakeAnswer {
  return { status: 200, body: { call_id: callId, status: 'succeeded', result, replayed: false } };
}

export function problem(status: number, code: string, more: object = {}, retryAfter?: number): FakeAnswer {
  return {
    status,
    body: { type: 'about:blank', title: code, status, detail: `the fake says ${code}`, code, ...more },
    ...(retryAfter !== undefined && { retryAfter }),
  };
}

/** A ticket as far as the engine reads it: unsigned, since the engine cannot verify it either. */
export function fakeTicket(claims: { run_id: string; call_scope: string; plan_hash?: string }): string {
  return ['e30', Buffer.from(JSON.stringify({ plan_hash: '', ...claims })).toString('base64url'), 'x'].join('.');
}

function runIdOf(ticket: string): string {
  const claims: unknown = JSON.parse(Buffer.from(ticket.split('.')[1] ?? '', 'base64url').toString() || '{}');
  return z.object({ run_id: z.string().default('') }).parse(claims).run_id;
}

async function readAll(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}
