import { sql } from 'drizzle-orm';
import { check, foreignKey, index, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { EventFilter } from '../../../contracts/trigger.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { employees } from './employees.ts';
import { core } from './schema.ts';

const STATUSES = ['active', 'needs_owner', 'ended'] as const;

/** Which event starts which skills of an employee: written when it is activated, from its job description. */
export const subscriptions = core.table(
  'subscriptions',
  {
    orgId: orgId(),
    subscriptionId: uuid('subscription_id').notNull().defaultRandom(),
    employeeId: text('employee_id').notNull(),
    /** In whose name its runs happen: a member with the permission to start runs, at each event anew. */
    ownerUserId: text('owner_user_id').notNull(),
    /** `<provider>.<event>`. */
    type: text('type').notNull(),
    /** Whose events; null = of any connection. */
    connectionId: text('connection_id'),
    /** Declared fields of the payload with the value that each must have. */
    filter: jsonb('filter').$type<EventFilter>().notNull(),
    /** The filter's first field as `field=value`, or the empty text: what an event finds its subscriptions by. */
    filterKey: text('filter_key').notNull(),
    /** Nodes that start then. */
    entrySkills: jsonb('entry_skills').$type<string[]>().notNull(),
    sentence: text('sentence').notNull(),
    status: text('status', { enum: STATUSES }).notNull().default('active'),
    statusNote: text('status_note'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.subscriptionId] }),
    foreignKey({
      name: 'subscriptions_employee',
      columns: [table.orgId, table.employeeId],
      foreignColumns: [employees.orgId, employees.employeeId],
    }),
    // Compares texts alone, which row-level security lets an index do.
    index('subscriptions_by_event')
      .on(table.orgId, table.type, table.filterKey)
      .where(sql`status <> 'ended'`),
    index('subscriptions_of_employee').on(table.orgId, table.employeeId),
    index('subscriptions_by_time').on(table.orgId, table.createdAt, table.subscriptionId),
    check('subscriptions_status', isOneOf(table.status, STATUSES)),
  ],
);
