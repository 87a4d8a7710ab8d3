import { sql } from 'drizzle-orm';
import { bigint, check, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../../contracts/json.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { hub } from './schema.ts';

const KINDS = ['receipt_resolved', 'connection_changed'] as const;

/** What must reach Agent-Core. */
export const hubOutbox = hub.table(
  'outbox',
  {
    orgId: orgId(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    kind: text('kind', { enum: KINDS }).notNull(),
    payload: jsonb('payload').$type<JsonObject>().notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    leaseOwner: text('lease_owner'),
    /** Nobody else claims the row before; set without an owner it is the pause before the next attempt. */
    leaseUntil: instant('lease_until'),
    attempts: integer('attempts').notNull().default(0),
    lastError: text('last_error'),
    sentAt: instant('sent_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.id] }),
    index('outbox_unsent')
      .on(table.id)
      .where(sql`sent_at is null`),
    check('outbox_kind', isOneOf(table.kind, KINDS)),
  ],
);
