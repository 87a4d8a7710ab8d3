import type { HubDatabase } from '../../db/client.ts';
import { addPoolMetrics } from '../../db/pool-metrics.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';

/** What is asked of ConnectHub's database at each scrape. */
export function addHubFigures(metrics: Metrics, database: HubDatabase): void {
  addPoolMetrics(metrics, database);
}
