import type { WebhookTrigger } from '../../contracts/trigger.ts';
import type { webhookEvents } from '../../db/schema/hub/webhook-events.ts';
import type { Said } from './sealed-event.ts';

/** `payload` as it is kept: see `sealed-event.ts`. */
export type EventRow = typeof webhookEvents.$inferSelect;

/** A stored event as Agent-Core takes it. */
export function toTrigger(row: EventRow, { payload, text }: Said): WebhookTrigger {
  return {
    trigger_id: row.eventId,
    org_id: row.orgId,
    source: 'webhook',
    provider: row.provider,
    connection_id: row.connectionId,
    type: row.type,
    external_id: row.externalId,
    occurred_at: row.occurredAt.toISOString(),
    payload,
    ...(text !== undefined && { text }),
  };
}
