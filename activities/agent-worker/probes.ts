import Fastify from 'fastify';
import { METRICS_CONTENT_TYPE, type Metrics } from '../../platform/metrics/metrics.ts';

/**
 * A small listener for load balancers, orchestrators and Prometheus: `/health` (the process lives), `/ready` (it polls for
 * work), `/metrics`.
 */
export async function startProbes(options: {
  host: string;
  port: number;
  isReady: () => boolean;
  metrics: Pick<Metrics, 'text'>;
}): Promise<{ url: string; close(): Promise<void> }> {
  const app = Fastify();
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    const isReady = options.isReady();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not_ready' });
  });
  app.get('/metrics', async (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(await options.metrics.text()));
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, close: () => app.close() };
}
