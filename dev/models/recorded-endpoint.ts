import { appendFile, readFile } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { canonicalHash } from '../../contracts/digest.ts';
import { jsonObjectSchema } from '../../contracts/json.ts';

/** One line of a record, as JSON. No header of a request is kept: the key stands in one. */
const exchangeSchema = z.strictObject({
  path: z.string(),
  request: jsonObjectSchema,
  status: z.int(),
  content_type: z.string(),
  response: z.string(),
});
type Exchange = z.infer<typeof exchangeSchema>;

export interface RecordedEndpointOptions {
  /** Lines of JSON, one for each exchange, in their order. */
  file: string;
  /** Where questions go and answers come from; without it, from the record. */
  upstream?: string;
  port?: number;
}

/**
 * A model's endpoint on loopback that writes down what a real one answers, or answers from what was written down. In a
 * replay the same question gets its recorded answers in their order; one that is not in the record gets a 404.
 */
export async function startRecordedEndpoint({ file, upstream, port = 0 }: RecordedEndpointOptions) {
  const answer = upstream === undefined ? replay(await readRecord(file)) : record(upstream, file);
  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, content_type: type, response: body }) => response.writeHead(status, { 'content-type': type }).end(body),
      (error: unknown) => response.writeHead(502).end(error instanceof Error ? error.message : 'failed'),
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Answer = (request: IncomingMessage) => Promise<Pick<Exchange, 'status' | 'content_type' | 'response'>>;

function record(upstream: string, file: string): Answer {
  return async (request) => {
    const { host: _host, connection: _connection, 'content-length': _length, ...headers } = request.headers;
    const body = await text(request);
    const path = request.url ?? '/';
    const passed = Object.entries(headers).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    );
    const answered = await fetch(upstream.replace(/\/+$/, '') + path, {
      method: 'POST',
      headers: Object.fromEntries(passed),
      body,
    });
    const exchange: Exchange = {
      path,
      request: jsonObjectSchema.parse(JSON.parse(body)),
      status: answered.status,
      content_type: answered.headers.get('content-type') ?? 'application/json',
      response: await answered.text(),
    };
    await appendFile(file, `${JSON.stringify(exchange)}\n`);
    return exchange;
  };
}

function replay(exchanges: Exchange[]): Answer {
  const left = [...exchanges];
  return async (request) => {
    const asked = keyOf(request.url ?? '/', jsonObjectSchema.parse(JSON.parse(await text(request))));
    const at = left.findIndex((one) => keyOf(one.path, one.request) === asked);
    const [found] = at < 0 ? [] : left.splice(at, 1);
    return found ?? { status: 404, content_type: 'application/json', response: '{"error":{"message":"not in the record"}}' };
  };
}

function keyOf(path: string, request: Exchange['request']): string {
  return `${path} ${canonicalHash(request)}`;
}

async function readRecord(file: string): Promise<Exchange[]> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  return lines.map((line) => exchangeSchema.parse(JSON.parse(line)));
}
