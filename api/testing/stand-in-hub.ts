import Fastify from 'fastify';
import type { Catalogue } from '../../contracts/capability.ts';
import { slackCatalogue } from '../graph-builder/testing/slack-catalogue.ts';

export interface StandInHub {
  url: string;
  /** What it answers from now on. */
  catalogue: Catalogue;
  /** Bearers it was asked with. */
  bearers: string[];
  close(): Promise<void>;
}

/** ConnectHub's catalogue over HTTP, for tests that are about Agent-Core. Fails loudly on anything else. */
export async function startStandInHub(): Promise<StandInHub> {
  const app = Fastify();
  const hub: StandInHub = { url: '', catalogue: slackCatalogue(), bearers: [], close: () => app.close() };
  app.get('/capabilities', async (request, reply) => {
    const bearer = request.headers.authorization?.replace('Bearer ', '');
    if (bearer === undefined) return reply.code(401).send({});
    hub.bearers.push(bearer);
    return hub.catalogue;
  });
  hub.url = await app.listen({ port: 0, host: '127.0.0.1' });
  return hub;
}
