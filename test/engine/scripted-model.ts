import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { wireOf } from './model-wire.ts';

/**
 * One answer of the scripted endpoint: JSON for the model to say (when `after` settles), text that is none, tools that it
 * uses, an HTTP error, or nothing at all.
 */
export type Turn =
  | { json: object; after?: Promise<unknown> }
  | { text: string }
  | { uses: { name: string; input: object }[] }
  | { status: number; retryAfter?: number }
  | 'silence';

export interface AskedModel {
  authorization: string;
  headers: IncomingHttpHeaders;
  messages: { role: string; content: string }[];
  schema: unknown;
  /** As it came. */
  body: { [name: string]: unknown };
}

type Script = Turn[] | ((asked: AskedModel, at: number) => Turn);

/**
 * An endpoint that speaks like OpenAI's under `/v1/chat/completions` and like Anthropic's under `/v1/messages`, and says
 * what it is told to, in order or as a function of what it is asked. A call too many gets a 418, and `close` throws.
 */
export async function startScriptedModel(script: Script, { stream = false } = {}) {
  const turns = typeof script === 'function' ? script : [...script];
  const asked: AskedModel[] = [];
  let tooMany = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const question = askedOf(JSON.parse(Buffer.concat(chunks).toString()), request.headers);
      asked.push(question);
      const turn = typeof turns === 'function' ? turns(question, asked.length - 1) : turns.shift();
      const isKnown = /^\/v1\/(?:chat\/completions|messages)$/.test(request.url ?? '');
      if (!turn || !isKnown) tooMany += 1;
      if (turn === 'silence') return;
      const { status, headers, body } = answerOf(turn, request.url ?? '', stream);
      const held = turn && 'after' in turn ? turn.after : undefined;
      const reply = async (): Promise<void> => {
        await held;
        response.writeHead(status, headers);
        response.end(body);
      };
      void reply();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    origin,
    baseUrl: `${origin}/v1`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      if (tooMany > 0) throw new Error(`the model was asked ${tooMany} times more than the script says`);
    },
  };
}

function askedOf(body: AskedModel['body'], headers: IncomingHttpHeaders): AskedModel {
  const { messages = [], response_format: format } = body as {
    messages?: AskedModel['messages'];
    response_format?: { json_schema?: { schema?: unknown } };
  };
  return { authorization: headers.authorization ?? '', headers, messages, schema: format?.json_schema?.schema, body };
}

function answerOf(turn: Exclude<Turn, 'silence'> | undefined, path: string, isStream: boolean) {
  if (!turn) return problem(418, 'a call too many');
  if ('status' in turn) {
    const headers = turn.retryAfter === undefined ? {} : { 'retry-after': String(turn.retryAfter) };
    return problem(turn.status, 'scripted', headers);
  }
  const { type, body } = wireOf(path, sayingOf(turn, path), isStream);
  return { status: 200, headers: { 'content-type': type }, body };
}

function problem(status: number, message: string, headers: { [name: string]: string } = {}) {
  return {
    status,
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ error: { message } }),
  };
}

/** An answer of a shape is the use of one tool at Anthropic's. */
function sayingOf(turn: Exclude<Turn, 'silence' | { status: number }>, path: string) {
  if ('uses' in turn) return { text: '', uses: turn.uses };
  if ('text' in turn) return { text: turn.text, uses: [] };
  if (path.endsWith('/messages')) return { text: '', uses: [{ name: 'answer', input: turn.json }] };
  return { text: JSON.stringify(turn.json), uses: [] };
}
