import { and, desc, eq, isNotNull, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { ClancyError } from '../../contracts/errors.ts';
import type { HubDatabase, OrgScope } from '../../db/client.ts';
import { webhookEvents } from '../../db/schema/hub/webhook-events.ts';
import { toPage, type Cursors } from '../../platform/http/page.ts';

export const eventStateSchema = z.enum(['unsent', 'sent', 'parked']);
type EventState = z.infer<typeof eventStateSchema>;

/** A webhook event as people look at it: what it says stays where it is. */
export const eventSchema = z.strictObject({
  event_id: z.uuid(),
  provider: z.string(),
  connection_id: z.string(),
  type: z.string(),
  external_id: z.string(),
  state: eventStateSchema,
  /** What Agent-Core made of it. */
  decision: z.string().nullable(),
  attempts: z.int(),
  last_error: z.string().nullable(),
  occurred_at: z.string(),
  received_at: z.string(),
});

export interface EventQuery {
  limit: number;
  cursor?: string | undefined;
  state?: EventState | undefined;
  provider?: string | undefined;
}

const IN_STATE = {
  unsent: and(isNull(webhookEvents.sentAt), isNull(webhookEvents.parkedAt)),
  sent: isNotNull(webhookEvents.sentAt),
  parked: isNotNull(webhookEvents.parkedAt),
};

/** Newest first. */
export async function listEvents(database: HubDatabase, cursors: Cursors, orgId: string, query: EventQuery) {
  const { state, provider } = query;
  const list = `webhook events ${JSON.stringify([state, provider])}`;
  const after = query.cursor === undefined ? undefined : cursors.decode(list, orgId, query.cursor);
  const { receivedAt, eventId } = webhookEvents;
  const isWanted = and(
    eq(webhookEvents.orgId, orgId),
    state && IN_STATE[state],
    provider === undefined ? undefined : eq(webhookEvents.provider, provider),
    after && sql`(${receivedAt}, ${eventId}) < (${after.at.toISOString()}::timestamptz, ${after.id}::uuid)`,
  );
  const rows = await database.withOrgRead({ orgId }, (tx) =>
    tx.db
      .select()
      .from(webhookEvents)
      .where(isWanted)
      .orderBy(desc(receivedAt), desc(eventId))
      .limit(query.limit + 1),
  );
  const { items, next_cursor } = toPage(rows, query.limit, (row) =>
    cursors.encode(list, orgId, { at: row.receivedAt, id: row.eventId }),
  );
  return { items: items.map(toWire), next_cursor };
}

/**
 * Sends a parked event again, with all its attempts before it. What came behind it meanwhile has gone ahead.
 *
 * @throws ClancyError `not_found`, `conflict`
 */
export async function retryEvent(database: HubDatabase, scope: OrgScope, eventId: string): Promise<z.infer<typeof eventSchema>> {
  const isIt = and(eq(webhookEvents.orgId, scope.orgId), eq(webhookEvents.eventId, eventId));
  return database.withOrg(scope, async (tx) => {
    const [row] = await tx.db
      .update(webhookEvents)
      .set({ parkedAt: null, refusals: 0, leaseUntil: null, leaseOwner: null })
      .where(and(isIt, IN_STATE.parked))
      .returning();
    if (row) {
      tx.audit({ action: 'webhook.retry', objectType: 'webhook_event', objectId: eventId, allowed: true });
      return toWire(row);
    }
    const [other] = await tx.db.select({ eventId: webhookEvents.eventId }).from(webhookEvents).where(isIt);
    if (!other) throw new ClancyError('not_found', 'There is no such event.');
    throw new ClancyError('conflict', 'The event is not parked: nothing has to be done for it to be sent.');
  });
}

function toWire(row: typeof webhookEvents.$inferSelect): z.infer<typeof eventSchema> {
  const isOpen = row.sentAt === null && row.parkedAt === null;
  return {
    event_id: row.eventId,
    provider: row.provider,
    connection_id: row.connectionId,
    type: row.type,
    external_id: row.externalId,
    state: isOpen ? 'unsent' : row.sentAt === null ? 'parked' : 'sent',
    decision: row.decision,
    attempts: row.attempts,
    last_error: row.lastError,
    occurred_at: row.occurredAt.toISOString(),
    received_at: row.receivedAt.toISOString(),
  };
}
