import Fastify from 'fastify';
import type { CallSummary } from '../../contracts/call-summary.ts';
import type { Catalogue } from '../../contracts/capability.ts';
import { slackCatalogue } from '../graph-builder/testing/slack-catalogue.ts';

export interface StandInHub {
  url: string;
  /** What it answers from now on. */
  catalogue: Catalogue;
  /** What it says of calls. */
  calls: CallSummary[];
  /** Bearers it was asked with. */
  bearers: string[];
  close(): Promise<void>;
}

/** ConnectHub's catalogue and its summary of calls over HTTP, for tests that are about Agent-Core. Fails loudly on anything else. */
export async function startStandInHub(): Promise<StandInHub> {
  const app = Fastify();
  const hub: StandInHub = { url: '', catalogue: slackCatalogue(), calls: [], bearers: [], close: () => app.close() };
  app.get('/capabilities', async (request, reply) => {
    const bearer = request.headers.authorization?.replace('Bearer ', '');
    if (bearer === undefined) return reply.code(401).send({});
    hub.bearers.push(bearer);
    return hub.catalogue;
  });
  app.get('/receipts/summary', async () => ({ items: hub.calls }));
  hub.url = await app.listen({ port: 0, host: '127.0.0.1' });
  return hub;
}
