import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { json as readJson } from 'node:stream/consumers';
import { agentCoreRoutes } from './stub-agent-core.ts';
import { connecthubRoutes } from './stub-connecthub.ts';
import { GOOD_TOKEN, problem, type Answer } from './stub-route.ts';
import { createState, type StubState } from './stub-state.ts';

export interface Stub {
  readonly url: string;
  readonly state: StubState;
  /** @throws when it was asked for something that the services do not have. */
  close(): Promise<void>;
}

/**
 * Agent-Core, ConnectHub, the people's issuer and the sandbox's consent page in one small server that remembers what was
 * done to it. A route that it does not know is answered with 501, and makes `close` throw.
 */
export async function startStub(): Promise<Stub> {
  const state = createState();
  const routes = [...agentCoreRoutes(state), ...connecthubRoutes(state)];
  const server = createServer((request, response) => {
    void handle(request, response).catch((error: unknown) => {
      state.unknownRoutes.push(String(error));
      response.destroy();
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', state.url);
    const line = `${request.method} ${url.pathname}`;
    state.requests.push({ line: `${line}${url.search}`, headers: request.headers });
    const route = routes.find(({ pattern }) => pattern.test(line));
    if (!route) {
      state.unknownRoutes.push(line);
      return send(response, problem(501, 'not_found', `The stub knows no ${line}.`));
    }
    if (!route.isPublic && request.headers.authorization !== `Bearer ${GOOD_TOKEN}`) {
      return send(response, problem(401, 'unauthenticated', 'The token is not valid for this route.'));
    }
    const refusal = state.refuseNext.shift();
    if (refusal) return send(response, refusal);
    const ids = (route.pattern.exec(line) ?? []).slice(1).map(decodeURIComponent);
    const body: unknown = ['POST', 'PUT', 'PATCH'].includes(request.method ?? '') ? await readJson(request) : undefined;
    const answer = route.answer({ ids, url, body, headers: request.headers, response });
    if (answer) send(response, answer);
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    if (state.unknownRoutes.length > 0) throw new Error(`the stub was asked for ${state.unknownRoutes.join(', ')}`);
  };
  return { url: state.url, state, close };
}

function send(response: ServerResponse, { status, body, type, headers }: Answer): void {
  response.writeHead(status, { 'content-type': type ?? 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : body === undefined ? '' : JSON.stringify(body));
}
