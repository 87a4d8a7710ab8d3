import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, index, integer, jsonb, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { Json } from '../../../contracts/json.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { connections } from './connections.ts';
import { hub } from './schema.ts';

/** `forward`: Agent-Core is told. `fetch`: what it announces is read at the provider first, and becomes events of its own. */
const WORKS = ['forward', 'fetch'] as const;

/** What a provider told us about an account that is connected: one row for each connection that it concerns. */
export const webhookEvents = hub.table(
  'webhook_events',
  {
    orgId: orgId(),
    /** Idempotency key at Agent-Core. */
    eventId: uuid('event_id').notNull().defaultRandom(),
    /** Order within the connection: that of storing, which is one after the other there. */
    position: bigint('position', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    connectionId: text('connection_id').notNull(),
    provider: text('provider').notNull(),
    type: text('type').notNull(),
    /** The provider's own id of the event. */
    externalId: text('external_id').notNull(),
    /** Digest of what was signed, where the provider does not sign its id: a copy under another id is the same event. */
    fingerprint: text('fingerprint'),
    occurredAt: instant('occurred_at').notNull(),
    /** Declared fields and what a person wrote: a sealed text as its string. In older rows the fields, in the clear. */
    payload: jsonb('payload').$type<Json>().notNull(),
    /** What a person wrote, in rows from before events were sealed. */
    text: text('text'),
    work: text('work', { enum: WORKS }).notNull().default('forward'),
    receivedAt: instant('received_at').notNull().defaultNow(),
    leaseOwner: text('lease_owner'),
    /** Nobody else claims the row before; set without an owner it is the pause before the next attempt. */
    leaseUntil: instant('lease_until'),
    attempts: integer('attempts').notNull().default(0),
    /** Attempts that were refused for what the event is: it is parked after a few. */
    refusals: integer('refusals').notNull().default(0),
    lastError: text('last_error'),
    sentAt: instant('sent_at'),
    /** What Agent-Core made of it. */
    decision: text('decision'),
    /** Waits for a person: Agent-Core does not take it. */
    parkedAt: instant('parked_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.eventId] }),
    unique('webhook_events_external').on(table.orgId, table.connectionId, table.externalId),
    unique('webhook_events_fingerprint').on(table.orgId, table.connectionId, table.fingerprint),
    foreignKey({
      name: 'webhook_events_connection',
      columns: [table.orgId, table.connectionId],
      foreignColumns: [connections.orgId, connections.connectionId],
    }),
    index('webhook_events_unsent')
      .on(table.orgId, table.connectionId, table.position)
      .where(sql`sent_at is null and parked_at is null`),
    index('webhook_events_unsent_age')
      .on(table.receivedAt)
      .where(sql`sent_at is null and parked_at is null`),
    index('webhook_events_parked')
      .on(table.parkedAt)
      .where(sql`parked_at is not null`),
    index('webhook_events_newest').on(table.orgId, table.receivedAt, table.eventId),
    index('webhook_events_ended')
      .on(sql`coalesce(sent_at, parked_at)`)
      .where(sql`coalesce(sent_at, parked_at) is not null`),
    check('webhook_events_work', isOneOf(table.work, WORKS)),
    check('webhook_events_end', sql`sent_at is null or parked_at is null`),
  ],
);
