import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One answer of the scripted endpoint: JSON for the model to say (when `after` settles), text that is none, or an HTTP error. */
export type Turn = { json: object; after?: Promise<unknown> } | { text: string } | { status: number; retryAfter?: number };

export interface AskedModel {
  authorization: string;
  messages: { role: string; content: string }[];
  schema: unknown;
}

/**
 * An OpenAI-compatible endpoint that says what it is told to, in order. A call too many gets a 418, and `close` throws.
 */
export async function startScriptedModel(script: Turn[]) {
  const turns = [...script];
  const asked: AskedModel[] = [];
  let tooMany = 0;
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body = JSON.parse(Buffer.concat(chunks).toString()) as {
        messages: AskedModel['messages'];
        response_format?: { json_schema?: { schema?: unknown } };
      };
      asked.push({
        authorization: request.headers.authorization ?? '',
        messages: body.messages,
        schema: body.response_format?.json_schema?.schema,
      });
      const turn = turns.shift();
      if (!turn || request.url !== '/v1/chat/completions') tooMany += 1;
      const { status, headers, answer } = answerOf(turn);
      const held = turn && 'after' in turn ? turn.after : undefined;
      const reply = async (): Promise<void> => {
        await held;
        response.writeHead(status, { 'content-type': 'application/json', ...headers });
        response.end(JSON.stringify(answer));
      };
      void reply();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    asked,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
      if (tooMany > 0) throw new Error(`the model was asked ${tooMany} times more than the script says`);
    },
  };
}

function answerOf(turn: Turn | undefined): { status: number; headers: Record<string, string>; answer: object } {
  if (!turn) return { status: 418, headers: {}, answer: { error: { message: 'a call too many' } } };
  if ('status' in turn) {
    const headers = turn.retryAfter === undefined ? {} : { 'retry-after': String(turn.retryAfter) };
    return { status: turn.status, headers, answer: { error: { message: 'scripted' } } };
  }
  const content = 'json' in turn ? JSON.stringify(turn.json) : turn.text;
  const choice = { index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' };
  return {
    status: 200,
    headers: {},
    answer: {
      id: 'x',
      object: 'chat.completion',
      created: 0,
      model: 'scripted',
      choices: [choice],
      usage: { prompt_tokens: 12, completion_tokens: 3, total_tokens: 15 },
    },
  };
}
