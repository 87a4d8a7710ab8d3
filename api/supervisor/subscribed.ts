import { and, eq, inArray, isNull, lt, ne, or } from 'drizzle-orm';
import type { JsonObject } from '../../contracts/json.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { employees } from '../../db/schema/core/employees.ts';
import { subscriptions } from '../../db/schema/core/subscriptions.ts';
import type { SubscriptionRow } from './adopt-subscriptions.ts';
import { filterKeysOf, meets } from './event-filter.ts';

/** Subscriptions that are looked at for one event. */
const MAX_SUBSCRIBED = 200;

export interface Subscribed extends SubscriptionRow {
  employeeName: string;
}

/**
 * Who is subscribed to an event, the oldest first; those without an owner too. `connectionId` is absent for an event that a
 * person sends; `happenedAt` is given for a fact, which those who subscribed later do not get.
 */
export async function subscribedTo(
  tx: OrgReadTx,
  event: { type: string; payload: JsonObject; connectionId?: string; happenedAt?: Date },
): Promise<Subscribed[]> {
  const { type, payload, connectionId, happenedAt } = event;
  const rows = await tx.db
    .select({ subscription: subscriptions, employeeName: employees.name })
    .from(subscriptions)
    .innerJoin(employees, and(eq(employees.orgId, subscriptions.orgId), eq(employees.employeeId, subscriptions.employeeId)))
    .where(
      and(
        eq(subscriptions.orgId, tx.orgId),
        eq(subscriptions.type, type),
        inArray(subscriptions.filterKey, filterKeysOf(type, payload)),
        ne(subscriptions.status, 'ended'),
        connectionId === undefined
          ? undefined
          : or(isNull(subscriptions.connectionId), eq(subscriptions.connectionId, connectionId)),
        happenedAt && lt(subscriptions.createdAt, happenedAt),
        eq(employees.status, 'active'),
      ),
    )
    .orderBy(subscriptions.createdAt, subscriptions.subscriptionId)
    .limit(MAX_SUBSCRIBED);
  return rows
    .filter(({ subscription }) => meets(subscription.filter, type, payload))
    .map(({ subscription, employeeName }) => ({ ...subscription, employeeName }));
}

/** A message that a machine wrote, ours included: who answered those would talk to himself. */
export function isOfBot(type: string, payload: JsonObject): boolean {
  return type.startsWith('slack.') && (typeof payload['bot_id'] === 'string' || payload['subtype'] === 'bot_message');
}
