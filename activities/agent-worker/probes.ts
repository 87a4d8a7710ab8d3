import Fastify from 'fastify';
import type { WorkerConfig } from './config.ts';
import { METRICS_CONTENT_TYPE, type Metrics } from '../../platform/metrics/metrics.ts';

/**
 * A small listener for load balancers, orchestrators and Prometheus: `/health` (the process lives, and how), `/ready` (it polls for
 * work), `/metrics`.
 */
export async function startProbes(options: {
  host: string;
  port: number;
  about: Pick<WorkerConfig, 'CLANCY_MODE' | 'waivers'>;
  isReady: () => boolean;
  metrics: Pick<Metrics, 'text'>;
}): Promise<{ url: string; close(): Promise<void> }> {
  const app = Fastify();
  const { CLANCY_MODE: mode, waivers } = options.about;
  app.get('/health', async () => ({ status: 'ok', mode, waivers }));
  app.get('/ready', async (_request, reply) => {
    const isReady = options.isReady();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not_ready' });
  });
  app.get('/metrics', async (_request, reply) => reply.type(METRICS_CONTENT_TYPE).send(await options.metrics.text()));
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, close: () => app.close() };
}
