import { and, eq, inArray, ne } from 'drizzle-orm';
import { canonicalHash } from '../../contracts/digest.ts';
import type { Explanation } from '../../contracts/employee-graph.ts';
import type { EventFilter } from '../../contracts/trigger.ts';
import type { OrgScope, OrgTx } from '../../db/client.ts';
import { subscriptions } from '../../db/schema/core/subscriptions.ts';
import { beginAtHead } from '../facts/triggers/cursor.ts';
import { isInternalEvent } from '../facts/triggers/events.ts';
import { filterKeyOf } from './event-filter.ts';

export type SubscriptionRow = typeof subscriptions.$inferSelect;

interface Wanted {
  type: string;
  connectionId: string | null;
  filter: EventFilter;
  entrySkills: string[];
  sentence: string;
}

export interface SubscriptionAdoption {
  employeeId: string;
  explanation: Explanation;
  /** The connection that was chosen for a provider at activation. */
  connectionOf: (provider: string) => string | undefined;
  /** `off`: the events of the job description start nothing. */
  setting: 'on' | 'off';
}

/**
 * Subscribes an employee to the events that its version's job description states, and to no others: one that an earlier
 * version had is kept, one that had lost its owner gets the person who activates.
 */
export async function adoptSubscriptions(tx: OrgTx, scope: OrgScope, adoption: SubscriptionAdoption): Promise<SubscriptionRow[]> {
  const { employeeId } = adoption;
  const spare = new Set(await currentOnes(tx, employeeId));
  const adopted: SubscriptionRow[] = [];
  for (const wanted of adoption.setting === 'on' ? wantedOf(adoption) : []) {
    const same = [...spare].find((row) => keyOf(row) === keyOf(wanted));
    if (same) spare.delete(same);
    adopted.push(same ? await keep(tx, scope, same, wanted) : await subscribe(tx, scope, employeeId, wanted));
  }
  await end(tx, [...spare], 'the job description does not state it any more');
  return adopted;
}

/** An employee that is retired answers no event. */
export async function endSubscriptions(tx: OrgTx, employeeId: string): Promise<void> {
  await end(tx, await currentOnes(tx, employeeId), 'its employee is retired');
}

/** One per event and filter: sentences that state the same share it. */
function wantedOf({ explanation, connectionOf }: SubscriptionAdoption): Wanted[] {
  const byKey = new Map<string, Wanted>();
  for (const trigger of explanation.triggers) {
    if (trigger.type !== 'external_event') continue;
    for (const { type, filter } of trigger.events ?? []) {
      const connectionId = connectionOf(type.slice(0, type.indexOf('.'))) ?? null;
      const wanted = { type, connectionId, filter, entrySkills: trigger.duties ?? [], sentence: trigger.sentence };
      const known = byKey.get(keyOf(wanted));
      byKey.set(keyOf(wanted), known ? joined(known, wanted) : wanted);
    }
  }
  return [...byKey.values()];
}

function joined(one: Wanted, other: Wanted): Wanted {
  const entrySkills = [...new Set([...one.entrySkills, ...other.entrySkills])];
  return { ...one, entrySkills, sentence: `${one.sentence} ${other.sentence}` };
}

function keyOf({ type, connectionId, filter }: Pick<Wanted, 'type' | 'connectionId' | 'filter'>): string {
  return canonicalHash({ type, connectionId, filter });
}

async function currentOnes(tx: OrgTx, employeeId: string): Promise<SubscriptionRow[]> {
  return tx.db
    .select()
    .from(subscriptions)
    .where(and(eq(subscriptions.orgId, tx.orgId), eq(subscriptions.employeeId, employeeId), ne(subscriptions.status, 'ended')))
    .orderBy(subscriptions.createdAt, subscriptions.subscriptionId)
    .for('update');
}

async function subscribe(tx: OrgTx, scope: OrgScope, employeeId: string, wanted: Wanted): Promise<SubscriptionRow> {
  const [row] = await tx.db
    .insert(subscriptions)
    .values({ orgId: tx.orgId, employeeId, ownerUserId: scope.actor.id, ...wanted, filterKey: filterKeyOf(wanted.filter) })
    .returning();
  if (!row) throw new Error('the database returned no subscription');
  if (isInternalEvent(wanted.type)) await beginAtHead(tx);
  const details = { employee_id: employeeId, type: wanted.type, filter: wanted.filter };
  tx.audit({ action: 'subscription.create', objectType: 'subscription', objectId: row.subscriptionId, allowed: true, details });
  return row;
}

async function keep(tx: OrgTx, scope: OrgScope, row: SubscriptionRow, wanted: Wanted): Promise<SubscriptionRow> {
  const found = row.status === 'needs_owner' && { status: 'active' as const, statusNote: null, ownerUserId: scope.actor.id };
  return changeSubscription(tx, row, { entrySkills: wanted.entrySkills, sentence: wanted.sentence, ...found });
}

export async function changeSubscription(
  tx: OrgTx,
  row: Pick<SubscriptionRow, 'subscriptionId'>,
  change: Partial<Pick<SubscriptionRow, 'status' | 'statusNote' | 'ownerUserId' | 'entrySkills' | 'sentence'>>,
): Promise<SubscriptionRow> {
  const [changed] = await tx.db
    .update(subscriptions)
    .set({ ...change, updatedAt: new Date() })
    .where(and(eq(subscriptions.orgId, tx.orgId), eq(subscriptions.subscriptionId, row.subscriptionId)))
    .returning();
  if (!changed) throw new Error('the subscription is gone');
  return changed;
}

async function end(tx: OrgTx, rows: SubscriptionRow[], statusNote: string): Promise<void> {
  const ids = rows.map(({ subscriptionId }) => subscriptionId);
  if (ids.length === 0) return;
  await tx.db
    .update(subscriptions)
    .set({ status: 'ended', statusNote, updatedAt: new Date() })
    .where(and(eq(subscriptions.orgId, tx.orgId), inArray(subscriptions.subscriptionId, ids)));
  for (const id of ids) {
    tx.audit({
      action: 'subscription.end',
      objectType: 'subscription',
      objectId: id,
      allowed: true,
      details: { why: statusNote },
    });
  }
}
