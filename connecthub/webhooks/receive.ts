import { ClancyError } from '../../contracts/errors.ts';
import type { JsonObject } from '../../contracts/json.ts';
import type { Logger } from '../../platform/logger.ts';
import type { HubMetrics } from '../metrics/hub-metrics.ts';
import type { Provider, Registry } from '../providers/registry.ts';
import { storable } from './cut.ts';
import type { Delivery, WebhookDefinition, WebhookEvent } from './definition.ts';
import type { Proofs } from './proofs.ts';
import { storeEvents, type StoreDeps } from './store.ts';

export interface ReceiveDeps extends StoreDeps {
  registry: Pick<Registry, 'provider'>;
  proofs: Proofs;
  metrics: Pick<HubMetrics, 'webhook'>;
  logger: Logger;
  clock: () => Date;
}

/** Days that events are kept after they ended: so long their ids are known. */
export const KEEP_DAYS = 30;
/** What is older could have been known once, so that its id says nothing: not every provider signs a time. */
const OLDEST_MS = (KEEP_DAYS - 1) * 86_400_000;

/**
 * Takes a delivery: proved, read, stored. What is done about it comes later, whatever happens to this process meanwhile.
 *
 * @returns the body of the answer; undefined for none
 * @throws ClancyError `not_found` (no such provider, or nothing to verify it with), `unauthenticated`, `invalid_request`,
 *   `key_service_unavailable`
 */
export async function receive(
  deps: ReceiveDeps,
  providerId: string,
  delivery: Delivery,
  source: string,
): Promise<JsonObject | undefined> {
  const provider = deps.registry.provider(providerId);
  const webhooks = provider?.definition.webhooks;
  if (!provider || !webhooks || !deps.proofs.isConfigured(provider)) {
    throw new ClancyError('not_found', 'This installation takes no webhooks of such a provider.');
  }
  if (!(await deps.proofs.holds(provider, delivery))) {
    deps.metrics.webhook(providerId, 'refused');
    throw new ClancyError('unauthenticated', 'The request does not prove that it comes from the provider.', {
      next: 'Compare the secret that is entered at the provider with that of the installation, and both clocks.',
    });
  }
  const events = eventsOf(deps, provider, webhooks, delivery);
  const { taken, repeated, unknown } = await storeEvents(deps, { provider: providerId, events, source });
  deps.metrics.webhook(providerId, 'taken', taken);
  deps.metrics.webhook(providerId, 'repeated', repeated);
  deps.metrics.webhook(providerId, 'unknown_account', unknown);
  if (events.length === 0) deps.metrics.webhook(providerId, 'nothing');
  if (unknown > 0)
    deps.logger.info({ provider: providerId, events: unknown }, 'a webhook of an account that nobody has connected');
  return webhooks.respond?.(delivery);
}

function eventsOf(deps: ReceiveDeps, provider: Provider, webhooks: WebhookDefinition, delivery: Delivery): WebhookEvent[] {
  const { id, tokenPattern } = provider.definition;
  const told = webhooks.events(delivery, { clientId: provider.client.id });
  const oldest = deps.clock().getTime() - OLDEST_MS;
  const events = told.filter(({ occurredAt }) => occurredAt.getTime() >= oldest);
  deps.metrics.webhook(id, 'too_old', told.length - events.length);
  return events.map((event) => storable(event, tokenPattern));
}
