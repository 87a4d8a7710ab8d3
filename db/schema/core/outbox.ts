import { sql } from 'drizzle-orm';
import { bigint, check, foreignKey, index, integer, jsonb, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../../contracts/json.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { runs } from './runs.ts';
import { core } from './schema.ts';

const KINDS = [
  'start_run',
  'note_start',
  'signal',
  'cancel_run',
  'create_employee_client',
  'sync_schedule',
  'trigger_schedule',
] as const;

/** What must reach Temporal or Cognito. Of a run, only the lowest unsent `seq` can be claimed. */
export const outbox = core.table(
  'outbox',
  {
    orgId: orgId(),
    id: bigint('id', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    runId: text('run_id'),
    /** Ascending per run. */
    seq: bigint('seq', { mode: 'number' }).notNull().default(0),
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
    foreignKey({
      name: 'outbox_run',
      columns: [table.orgId, table.runId],
      foreignColumns: [runs.orgId, runs.runId],
    }),
    unique('outbox_order').on(table.orgId, table.runId, table.seq),
    index('outbox_unsent')
      .on(table.id)
      .where(sql`sent_at is null`),
    index('outbox_unsent_of_run')
      .on(table.orgId, table.runId, table.seq)
      .where(sql`sent_at is null`),
    check('outbox_kind', isOneOf(table.kind, KINDS)),
  ],
);
