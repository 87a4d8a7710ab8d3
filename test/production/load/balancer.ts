import { createServer, request as send, Agent, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { waitUntil } from '../../../dev/processes/wait-until.ts';

/** As `health_interval` and `health_timeout` in deploy/Caddyfile. */
const ASK_EVERY_MS = 1_000;
const ASK_TIMEOUT_MS = 2_000;

/** What the door does in front of the copies of a service: those whose `/ready` said yes take turns. */
export interface Balancer {
  readonly url: string;
  /** Puts these copies behind it in place of those before, and waits until each is ready. */
  use(copies: readonly string[]): Promise<void>;
  /** Resolves when `copy` is no longer sent anything. */
  untilLeft(copy: string): Promise<void>;
  /** Requests that this copy was sent. */
  sentTo(copy: string): number;
  close(): Promise<void>;
}

/** A request that fails at its copy fails at the client too: 502, and nothing is tried again. */
export async function startBalancer(): Promise<Balancer> {
  const agent = new Agent({ keepAlive: true });
  const sent = new Map<string, number>();
  let copies: readonly string[] = [];
  let ready = new Set<string>();
  let turn = 0;

  const look = async (): Promise<void> => {
    const asked = copies;
    const answers = await Promise.all(asked.map(isReady));
    if (asked === copies) ready = new Set(asked.filter((_, index) => answers[index]));
  };
  const looking = setInterval(() => void look(), ASK_EVERY_MS);
  const server = createServer((request, response) => {
    const candidates = copies.filter((copy) => ready.has(copy));
    const copy = candidates[(turn += 1) % candidates.length];
    if (copy === undefined) return void response.writeHead(502).end('no copy is ready');
    sent.set(copy, (sent.get(copy) ?? 0) + 1);
    pass(request, response, copy, agent);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    use: async (wanted) => {
      copies = wanted;
      const areReady = async () => (await look(), wanted.every((copy) => ready.has(copy)));
      await waitUntil(areReady, { timeoutMs: 60_000, everyMs: 100, what: 'the copies behind the balancer' });
    },
    untilLeft: (copy) =>
      waitUntil(() => !ready.has(copy), { timeoutMs: 30_000, everyMs: 20, what: `${copy} to be left alone` }).then(
        () => undefined,
      ),
    sentTo: (copy) => sent.get(copy) ?? 0,
    close: async () => {
      clearInterval(looking);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      agent.destroy();
    },
  };
}

async function isReady(copy: string): Promise<boolean> {
  try {
    const answer = await fetch(`${copy}/ready`, { signal: AbortSignal.timeout(ASK_TIMEOUT_MS) });
    await answer.body?.cancel();
    return answer.ok;
  } catch {
    return false;
  }
}

function pass(request: IncomingMessage, response: ServerResponse, copy: string, agent: Agent): void {
  const { method, headers, url } = request;
  const onward = send(`${copy}${url}`, { method, headers, agent }, (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
    answer.on('error', () => response.destroy());
  });
  onward.on('error', (error) => {
    if (response.headersSent) response.destroy();
    else response.writeHead(502).end(error.message);
  });
  request.pipe(onward);
}
