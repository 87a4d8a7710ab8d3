import Fastify from 'fastify';

/** A small listener for load balancers and orchestrators: `/health` (the process lives) and `/ready` (it polls for work). */
export async function startProbes(options: {
  host: string;
  port: number;
  isReady: () => boolean;
}): Promise<{ url: string; close(): Promise<void> }> {
  const app = Fastify();
  app.get('/health', async () => ({ status: 'ok' }));
  app.get('/ready', async (_request, reply) => {
    const isReady = options.isReady();
    return reply.code(isReady ? 200 : 503).send({ status: isReady ? 'ready' : 'not_ready' });
  });
  const url = await app.listen({ host: options.host, port: options.port });
  return { url, close: () => app.close() };
}
