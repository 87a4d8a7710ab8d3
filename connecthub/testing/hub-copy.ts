import { pino } from 'pino';
import { createMetrics, type Metrics } from '../../platform/metrics/metrics.ts';
import type { App } from '../../platform/http/server.ts';
import { createConnectHub, type HubParts } from '../app.ts';
import { composeHub } from '../compose.ts';
import { readHubConfig } from '../config.ts';
import type { Surroundings } from './surroundings.ts';

/** One copy of ConnectHub in this process, wired as in production. */
export interface HubCopy {
  readonly app: App;
  readonly parts: HubParts;
  close(): Promise<void>;
}

export interface WholeCopy extends HubCopy {
  readonly metrics: Metrics;
}

/** Starts one; everything it logs and answers goes to `traces`. */
export async function startCopy(surroundings: Surroundings, traces: string[]): Promise<WholeCopy> {
  const logger = pino({ level: 'trace' }, { write: (line: string) => void traces.push(line) });
  const metrics = createMetrics({ version: 'test', mode: 'staging' });
  const { parts, database, outgoing, expressions } = composeHub(readHubConfig(surroundings.env), logger, metrics);
  const app = await createConnectHub(parts);
  app.addHook('onSend', async (_request, reply, payload) => {
    traces.push(JSON.stringify(reply.getHeaders()), String(payload));
    return payload;
  });
  await app.ready();
  const stop = async (): Promise<void> => {
    await app.close();
    await parts.tokens.idle();
    await Promise.all([outgoing.close(), expressions.close(), database.close()]);
  };
  let stopped: Promise<void> | undefined;
  return { app, parts, metrics, close: () => (stopped ??= stop()) };
}
