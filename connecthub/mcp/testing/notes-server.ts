import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { NodeStreamableHTTPServerTransport, toNodeHandler } from '@modelcontextprotocol/node';
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server';
import { z } from 'zod';

/** How the official server speaks: each request by itself, or sessions that begin with a handshake. */
export type Manner = 'stateless' | 'sessions';

export interface NotesServer {
  readonly url: string;
  readonly notes: string[];
  /** What `note.add` says of itself from now on. */
  describe(text: string): void;
  /** From now on there is no `note.add`. */
  withdraw(): void;
  /** The protocol's own word for what was asked, in order. */
  readonly asked: string[];
  close(): Promise<void>;
}

export const NOTES_KEY = 'notes-key-5f2a';

/** A small MCP server made with the official library, unchanged: keeps notes, and says no to whoever has not its key. */
export async function startNotesServer(manner: Manner): Promise<NotesServer> {
  const notes: string[] = [];
  const asked: string[] = [];
  let description: string | undefined = 'Adds a note.';
  const make = (): McpServer => makeServer(notes, description);
  const handle = manner === 'stateless' ? alone(make) : sessions(make);
  const server = createServer((request, response) => {
    if (request.headers.authorization !== `Bearer ${NOTES_KEY}`) {
      response.writeHead(401).end();
      return;
    }
    void textOf(request).then((text) => {
      const body: unknown = JSON.parse(text);
      asked.push(z.object({ method: z.string() }).parse(body).method);
      return handle(request, response, body);
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen');
  return {
    url: `http://127.0.0.1:${address.port}/mcp`,
    notes,
    asked,
    describe: (text) => void (description = text),
    withdraw: () => void (description = undefined),
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

function makeServer(notes: string[], description: string | undefined): McpServer {
  const server = new McpServer({ name: 'notes', version: '1.0.0' });
  server.registerTool(
    'note.search',
    {
      title: 'Search notes',
      description: 'Finds notes with a word in them.',
      inputSchema: z.object({ word: z.string(), limit: z.number().int().optional() }),
      outputSchema: z.object({ found: z.array(z.string()) }),
      annotations: { readOnlyHint: true },
    },
    ({ word }) => {
      const found = notes.filter((note) => note.includes(word));
      return { content: [{ type: 'text', text: found.join('\n') }], structuredContent: { found } };
    },
  );
  server.registerTool('note.fail', { description: 'Fails.', inputSchema: z.object({}) }, () => ({
    isError: true,
    content: [{ type: 'text', text: 'the shelf is full' }],
  }));
  if (description !== undefined) {
    server.registerTool('note.add', { description, inputSchema: z.object({ text: z.string() }) }, ({ text }) => {
      notes.push(text);
      return { content: [{ type: 'text', text: `kept: ${text}` }] };
    });
  }
  return server;
}

type Handle = (request: IncomingMessage, response: ServerResponse, body: unknown) => Promise<void>;

function alone(make: () => McpServer): Handle {
  const handle = toNodeHandler(createMcpHandler(() => make()));
  // Its types want to be told of members that may be absent; Node's say it in another way.
  return (request, response, body) => handle(request as Parameters<typeof handle>[0], response, body);
}

function sessions(make: () => McpServer): Handle {
  const open = new Map<string, NodeStreamableHTTPServerTransport>();
  return async (request, response, body) => {
    const id = request.headers['mcp-session-id'];
    const known = typeof id === 'string' ? open.get(id) : undefined;
    if (known) return known.handleRequest(request, response, body);
    const transport = new NodeStreamableHTTPServerTransport({
      sessionIdGenerator: () => randomUUID(),
      onsessioninitialized: (session) => void open.set(session, transport),
    });
    await make().connect(transport);
    await transport.handleRequest(request, response, body);
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  return Buffer.concat(parts).toString();
}
