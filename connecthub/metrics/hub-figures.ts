import type { HubDatabase } from '../../db/client.ts';
import { addFigureMetrics, type FigureMetric } from '../../db/figure-metrics.ts';
import { addPoolMetrics } from '../../db/pool-metrics.ts';
import { connections } from '../../db/schema/hub/connections.ts';
import { hubOutbox } from '../../db/schema/hub/outbox.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';
import type { Registry } from '../providers/registry.ts';

const MESSAGE_KINDS = ['kind', hubOutbox.kind.enumValues] as const;

/** What stands in ConnectHub's database, over all organisations. */
const figuresOf = (providers: readonly string[]): readonly FigureMetric[] => [
  {
    figure: 'outbox',
    value: 'amount',
    kind: MESSAGE_KINDS,
    name: 'clancy_outbox_unsent',
    help: 'Decisions that Agent-Core has not taken yet.',
  },
  {
    figure: 'outbox',
    value: 'oldestSeconds',
    kind: MESSAGE_KINDS,
    name: 'clancy_outbox_oldest_age_seconds',
    help: 'Age of the oldest decision that Agent-Core has not taken yet; 0 = there is none.',
  },
  {
    figure: 'webhooks',
    value: 'amount',
    providers,
    kind: ['state', ['unsent', 'parked']],
    name: 'clancy_webhook_events_waiting',
    help: 'Events of providers that Agent-Core has not taken yet, and those that are parked: each of these waits for a person. 10,000 at most are counted.',
  },
  {
    figure: 'webhooks',
    value: 'oldestSeconds',
    providers,
    kind: ['state', ['unsent', 'parked']],
    name: 'clancy_webhook_events_oldest_age_seconds',
    help: 'For how long the oldest of them has waited; 0 = there is none.',
  },
  {
    figure: 'connections',
    value: 'amount',
    providers,
    kind: ['state', connections.status.enumValues],
    name: 'clancy_connections',
    help: 'Connected accounts. `needs_reauth`: the provider no longer accepts the grant, and a person must connect again.',
  },
  {
    figure: 'receipts',
    value: 'amount',
    providers,
    name: 'clancy_receipts_unknown',
    help: 'Calls of which nobody can tell whether they happened: each waits for a person to look at the provider.',
  },
  {
    figure: 'receipts',
    value: 'oldestSeconds',
    providers,
    name: 'clancy_receipts_oldest_unknown_age_seconds',
    help: 'For how long the oldest call of unknown outcome has waited for a person; 0 = there is none.',
  },
  {
    figure: 'unsettled',
    value: 'amount',
    providers,
    kind: ['state', ['in_flight', 'maybe']],
    name: 'clancy_calls_unsettled',
    help: 'Calls past their deadline whose outcome is still being found out.',
  },
  {
    figure: 'limits',
    value: 'amount',
    providers,
    name: 'clancy_provider_limits',
    help: "Connections, or capabilities of one, that wait out a provider's Retry-After at this moment.",
  },
];

/** What is asked of ConnectHub's database at each scrape. */
export function addHubFigures(metrics: Metrics, database: HubDatabase, registry: Registry): void {
  addPoolMetrics(metrics, database);
  addFigureMetrics(metrics, database, figuresOf(registry.providers.map(({ definition }) => definition.id)));
}
