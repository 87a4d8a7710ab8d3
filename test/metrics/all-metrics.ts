import { createWorkerMetrics } from '../../activities/agent-worker/metrics/worker-metrics.ts';
import { addCoreFigures } from '../../api/metrics/core-figures.ts';
import { createCoreMetrics } from '../../api/metrics/core-metrics.ts';
import { addEngineFigures, type EngineFigureDeps } from '../../api/metrics/engine-figures.ts';
import { addHubFigures } from '../../connecthub/metrics/hub-figures.ts';
import { createHubMetrics } from '../../connecthub/metrics/hub-metrics.ts';
import { createRegistry } from '../../connecthub/providers/registry.ts';
import type { CoreDatabase, HubDatabase } from '../../db/client.ts';
import { createMetrics, type Metrics } from '../../platform/metrics/metrics.ts';
import { parseExposition, type Exposition } from './exposition.ts';

const CLIENT = { clientId: 'id', clientSecret: 'secret' };
const PROVIDERS = { slack: CLIENT, quickbooks: CLIENT, gmail: CLIENT, stripe: CLIENT };

/** What each process can say of itself, before anything has happened and without what it is connected to. */
export async function allMetrics(): Promise<Record<'api' | 'connecthub' | 'worker', Exposition>> {
  return {
    api: await said((metrics) => {
      createCoreMetrics(metrics);
      addCoreFigures(metrics, emptyDatabase as CoreDatabase);
      addEngineFigures(metrics, away);
    }),
    connecthub: await said((metrics) => {
      const registry = createRegistry(PROVIDERS);
      createHubMetrics(metrics, registry);
      addHubFigures(metrics, emptyDatabase as HubDatabase, registry);
    }),
    worker: await said((metrics) => createWorkerMetrics(metrics, () => 0)),
  };
}

async function said(define: (metrics: Metrics) => unknown): Promise<Exposition> {
  const metrics = createMetrics({ version: '1', mode: 'staging' });
  define(metrics);
  return parseExposition(await metrics.text());
}

const emptyDatabase: Pick<CoreDatabase, 'figures' | 'poolState'> = {
  figures: async () => [],
  poolState: () => ({ total: 0, idle: 0, waiting: 0, failed: 0 }),
};

const away = {
  connection: { withDeadline: () => Promise.reject(new Error('away')) },
} as unknown as EngineFigureDeps; // read only through the deadline
