import type { Metrics } from '../../platform/metrics/metrics.ts';
import type { Registry } from '../providers/registry.ts';

const RECEIVED = ['taken', 'repeated', 'unknown_account', 'too_old', 'nothing', 'refused'] as const;
const FORWARDED = ['taken', 'postponed', 'parked'] as const;

/** Webhooks of providers, as they come and as they go on to Agent-Core. */
export interface WebhookMetrics {
  /** Events of one delivery; `nothing` and `refused` are deliveries as a whole. */
  webhook(provider: string, outcome: (typeof RECEIVED)[number], events?: number): void;
  /** One attempt to carry an event on. */
  forwarded(provider: string, outcome: (typeof FORWARDED)[number]): void;
}

export function webhookMetrics(metrics: Metrics, registry: Registry): WebhookMetrics {
  const providers = registry.providers.flatMap(({ definition: { id, webhooks } }) => (webhooks ? [id] : []));
  const received = metrics.counter({
    name: 'clancy_webhook_events_total',
    help: 'What providers told us. `refused`: not proved to be theirs; `unknown_account`: of nobody here; `repeated`: known already.',
    labels: { provider: providers, outcome: RECEIVED },
  });
  const forwarded = metrics.counter({
    name: 'clancy_webhook_forwards_total',
    help: 'Attempts to tell Agent-Core of an event. `parked`: it is refused for what it is, and waits for a person.',
    labels: { provider: providers, outcome: FORWARDED },
  });
  return {
    webhook: (provider, outcome, events = 1) => received.add({ provider, outcome }, events),
    forwarded: (provider, outcome) => forwarded.add({ provider, outcome }),
  };
}
