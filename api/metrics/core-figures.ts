import type { CoreDatabase } from '../../db/client.ts';
import { addPoolMetrics } from '../../db/pool-metrics.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';

/** What is asked of Agent-Core's database at each scrape. */
export function addCoreFigures(metrics: Metrics, db: CoreDatabase): void {
  addPoolMetrics(metrics, db);
}
