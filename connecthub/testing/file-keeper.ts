import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface FileKeeper {
  /** For `AGENT_CORE_URL`. */
  url: string;
  /** Gives a file to the organisation of a run; its hash. */
  give(runId: string, content: Buffer): string;
  /** What a run has by this hash. */
  find(runId: string, sha256: string): { content: Buffer; mediaType: string } | undefined;
  /** How often somebody asked for a file. */
  asked: number;
  /** While it is, nothing is given. */
  isAway: boolean;
  close(): Promise<void>;
}

const hashOf = (content: Buffer): string => createHash('sha256').update(content).digest('hex');

/** Files in memory over HTTP, in Agent-Core's place: each run has its own. */
export async function startFileKeeper(): Promise<FileKeeper> {
  const kept = new Map<string, { content: Buffer; mediaType: string }>();
  const server = createServer((request, response) => void handle(request, response));

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const sha256 = /^\/internal\/blobs\/([0-9a-f]{64})$/.exec(request.url ?? '')?.[1] ?? '';
    const name = `${String(request.headers['clancy-workflow-id'])} ${sha256}`;
    const pieces: Buffer[] = [];
    for await (const piece of request) pieces.push(piece as Buffer);
    if (keeper.isAway || request.headers.authorization === undefined) return void response.writeHead(503).end();
    if (request.method === 'PUT') {
      const content = Buffer.concat(pieces);
      if (hashOf(content) !== sha256) return void response.writeHead(422).end();
      kept.set(name, { content, mediaType: request.headers['content-type'] ?? '' });
      return void response.writeHead(204).end();
    }
    keeper.asked += 1;
    const found = kept.get(name);
    if (!found) return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': found.mediaType, 'content-length': found.content.length }).end(found.content);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const keeper: FileKeeper = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: 0,
    isAway: false,
    give: (runId, content) => {
      kept.set(`${runId} ${hashOf(content)}`, { content, mediaType: 'application/octet-stream' });
      return hashOf(content);
    },
    find: (runId, sha256) => kept.get(`${runId} ${sha256}`),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return keeper;
}
