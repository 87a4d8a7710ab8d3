import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { ConnectionRef, HubDatabase, OrgScope, OrgTx } from '../../db/client.ts';
import { webhookEvents } from '../../db/schema/hub/webhook-events.ts';
import type { Seal, SecretBox } from '../../platform/secrets/secret-box.ts';
import type { WebhookEvent } from './definition.ts';
import { sealSaid } from './sealed-event.ts';

/** What became of the events of a delivery, each counted once, however many connections it concerns. */
export interface Stored {
  taken: number;
  /** Known already: the provider tells things more than once. */
  repeated: number;
  /** Of an account that nobody has connected. */
  unknown: number;
}

/** Rows of one statement: PostgreSQL takes 65,535 parameters. */
const MAX_ROWS = 1_000;

export interface StoreDeps {
  database: HubDatabase;
  secretBox: Pick<SecretBox, 'sealerOf'>;
}

type Located = ConnectionRef & { events: WebhookEvent[] };

/**
 * Stores each event for each connection that it concerns: once, whatever the provider repeats and however many copies take
 * it at the same time. Each organisation in a transaction of its own; what fails half-way is not acknowledged and comes again.
 *
 * @throws ClancyError `key_service_unavailable`: what cannot be sealed is not stored
 */
export async function storeEvents(
  { database, secretBox }: StoreDeps,
  { provider, events, source }: { provider: string; events: readonly WebhookEvent[]; source: string },
): Promise<Stored> {
  const taken = new Set<WebhookEvent>();
  const known = new Set<WebhookEvent>();
  for (const located of await locate(database, provider, events)) {
    const scope: OrgScope = { orgId: located.orgId, actor: { type: 'system', id: provider }, source };
    for (const event of located.events) known.add(event);
    const seal = await secretBox.sealerOf(located.orgId);
    for (const event of await database.withOrg(scope, (tx) => insertEvents(tx, seal, provider, located))) taken.add(event);
  }
  return { taken: taken.size, repeated: known.size - taken.size, unknown: events.length - known.size };
}

/** The connections that are concerned, in one order for all copies, each with its events. */
async function locate(database: HubDatabase, provider: string, events: readonly WebhookEvent[]): Promise<Located[]> {
  const byAccounts = new Map<string, WebhookEvent[]>();
  for (const event of events) {
    const key = JSON.stringify(event.accounts);
    byAccounts.set(key, [...(byAccounts.get(key) ?? []), event]);
  }
  const located = new Map<string, Located>();
  for (const own of byAccounts.values()) {
    const accounts = own[0]?.accounts ?? [];
    for (const ref of await database.jobs.orgOfConnection(provider, accounts)) {
      const key = `${ref.orgId} ${ref.connectionId}`;
      located.set(key, { ...ref, events: [...(located.get(key)?.events ?? []), ...own] });
    }
  }
  return [...located.entries()].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}

/**
 * The events that were new. One transaction at a time for each connection: positions are given in the order of commits, so
 * that none can appear behind one that was sent already.
 */
export async function insertEvents(
  tx: OrgTx,
  seal: Seal,
  provider: string,
  { connectionId, events }: { connectionId: string; events: readonly WebhookEvent[] },
): Promise<WebhookEvent[]> {
  if (events.length === 0) return [];
  await tx.db.execute(sql`select pg_advisory_xact_lock(hashtextextended(${`webhook ${tx.orgId} ${connectionId}`}, 0))`);
  const ids = new Set<string>();
  for (let from = 0; from < events.length; from += MAX_ROWS) {
    const at = { orgId: tx.orgId, connectionId, provider };
    const rows = events.slice(from, from + MAX_ROWS).map((event) => rowOf(event, seal, at));
    const inserted = await tx.db
      .insert(webhookEvents)
      .values(rows)
      .onConflictDoNothing()
      .returning({ externalId: webhookEvents.externalId });
    for (const { externalId } of inserted) ids.add(externalId);
  }
  const taken = events.filter(({ externalId }) => ids.delete(externalId));
  if (taken.length > 0) {
    const details = { provider, types: [...new Set(taken.map(({ type }) => type))], events: taken.length };
    tx.audit({ action: 'webhook.receive', objectType: 'connection', objectId: connectionId, allowed: true, details });
  }
  return taken;
}

function rowOf(event: WebhookEvent, seal: Seal, at: { orgId: string; connectionId: string; provider: string }) {
  const { externalId, fingerprint, type, occurredAt, isAnnouncement } = event;
  const eventId = randomUUID();
  return {
    ...at,
    eventId,
    externalId,
    type,
    occurredAt,
    payload: sealSaid(seal, { orgId: at.orgId, eventId }, event),
    ...(fingerprint !== undefined && { fingerprint }),
    work: isAnnouncement === true ? ('fetch' as const) : ('forward' as const),
  };
}
