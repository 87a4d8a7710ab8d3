import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { METRICS_CONTENT_TYPE, type Metrics } from './metrics.ts';

export interface MetricsListener {
  readonly url: string;
  close(): Promise<void>;
}

/** More than any number of Prometheus copies; whoever reaches the port cannot keep the process busy with connections. */
const MAX_CONNECTIONS = 32;

/** Answers `GET /metrics`, and nothing else, on a port of its own that no door leads to; without a port there is none. */
export async function startMetricsListener(options: {
  host: string;
  port: number | undefined;
  metrics: Pick<Metrics, 'text'>;
}): Promise<MetricsListener | undefined> {
  const { host, port: wanted } = options;
  if (wanted === undefined) return undefined;
  const server = createServer((request, response) => {
    const isAsked = request.method === 'GET' && request.url?.split('?')[0] === '/metrics';
    if (!isAsked) return void response.writeHead(404).end();
    options.metrics.text().then(
      (text) => response.writeHead(200, { 'content-type': METRICS_CONTENT_TYPE }).end(text),
      () => response.writeHead(500).end(),
    );
  });
  server.maxConnections = MAX_CONNECTIONS;
  await listen(server, { host, port: wanted });
  const { address, port, family } = server.address() as AddressInfo;
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${port}/metrics`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, { host, port }: { host: string; port: number }): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => reject(new Error(`METRICS_PORT: cannot listen at ${host}:${port}`, { cause })));
    server.listen(port, host, () => {
      server.removeAllListeners('error');
      resolve();
    });
  });
}
