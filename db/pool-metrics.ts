import type { Metrics } from '../platform/metrics/metrics.ts';
import type { Database } from './client.ts';

const STATES = ['in_use', 'idle'] as const;

/** How the connections of this process to its database do. */
export function addPoolMetrics(metrics: Metrics, db: Pick<Database, 'poolState'>): void {
  const connections = metrics.gauge({
    name: 'clancy_db_connections',
    help: 'Connections of this process to its database.',
    labels: { state: STATES },
  });
  const waiting = metrics.gauge({
    name: 'clancy_db_connections_waiting',
    help: 'Requests that wait for a connection to the database: above 0 for long, the pool is too small or the database too slow.',
  });
  const failed = metrics.counter({
    name: 'clancy_db_connections_failed_total',
    help: 'Times that no connection to the database could be had in time.',
  });
  let counted = 0;
  metrics.beforeScrape({
    name: 'database',
    refresh: async () => {
      const state = db.poolState();
      connections.set({ state: 'in_use' }, state.total - state.idle);
      connections.set({ state: 'idle' }, state.idle);
      waiting.set({}, state.waiting);
      failed.add({}, state.failed - counted);
      counted = state.failed;
    },
    clear: () => undefined,
  });
}
