import type { CoreDatabase } from '../../db/client.ts';
import { addFigureMetrics, type FigureMetric } from '../../db/figure-metrics.ts';
import { addPoolMetrics } from '../../db/pool-metrics.ts';
import { outbox } from '../../db/schema/core/outbox.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';

const MESSAGE_KINDS = ['kind', outbox.kind.enumValues] as const;
/** The last two are asked of people; the others are what a run's row says while its workflow cannot. */
const WAITS = ['engine', 'worker', 'temporal', 'identity', 'approval', 'paused'] as const;

/** What stands in Agent-Core's database, over all organisations. */
const FIGURES: readonly FigureMetric[] = [
  {
    figure: 'outbox',
    value: 'amount',
    kind: MESSAGE_KINDS,
    name: 'clancy_outbox_unsent',
    help: 'Messages that have not reached Temporal or Cognito yet.',
  },
  {
    figure: 'outbox',
    value: 'oldestSeconds',
    kind: MESSAGE_KINDS,
    name: 'clancy_outbox_oldest_age_seconds',
    help: 'Age of the oldest message that has not been sent yet; 0 = there is none.',
  },
  {
    figure: 'runs_open',
    value: 'amount',
    kind: ['status', ['requested', 'running']],
    name: 'clancy_runs_open',
    help: 'Runs that have not ended. `requested`: Temporal has not started them yet.',
  },
  {
    figure: 'runs_waiting',
    value: 'amount',
    kind: ['on', WAITS],
    name: 'clancy_runs_waiting',
    help: 'Open runs by what holds them. `engine`: their tasks keep failing; `worker`: nobody takes their tasks. Waits inside of workflows: clancy_workflows_waiting.',
  },
  {
    figure: 'approvals',
    value: 'amount',
    name: 'clancy_approvals_pending',
    help: 'Questions that no person has answered yet.',
  },
  {
    figure: 'approvals',
    value: 'oldestSeconds',
    name: 'clancy_approvals_oldest_pending_age_seconds',
    help: 'Age of the oldest question without an answer; 0 = there is none.',
  },
];

/** What is asked of Agent-Core's database at each scrape. */
export function addCoreFigures(metrics: Metrics, db: CoreDatabase): void {
  addPoolMetrics(metrics, db);
  addFigureMetrics(metrics, db, FIGURES);
}
