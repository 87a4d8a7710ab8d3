import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, jsonb, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../../contracts/json.ts';
import { OVERLAP_POLICIES, SCHEDULE_STATUSES, type ScheduleTimes } from '../../../contracts/schedule.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { employees } from './employees.ts';
import { core } from './schema.ts';

const SOURCES = ['person', 'job_description'] as const;

/** When an employee is to run by itself. Temporal keeps the time; this row says what Temporal is to be told. */
export const schedules = core.table(
  'schedules',
  {
    orgId: orgId(),
    scheduleId: uuid('schedule_id').notNull(),
    employeeId: text('employee_id').notNull(),
    /** In whose name its runs happen: a member with the permission to start runs, at each run anew. */
    ownerUserId: text('owner_user_id').notNull(),
    source: text('source', { enum: SOURCES }).notNull(),
    /** What the job description says, where it comes from there. */
    sentence: text('sentence'),
    times: jsonb('times').$type<ScheduleTimes>().notNull(),
    /** IANA name. */
    timezone: text('timezone').notNull(),
    overlap: text('overlap', { enum: OVERLAP_POLICIES }).notNull(),
    /** How late a run may start that was due while Temporal was away. */
    catchUpSeconds: integer('catch_up_seconds').notNull(),
    /** What its runs see as `trigger.payload`. */
    input: jsonb('input').$type<JsonObject>().notNull(),
    note: text('note'),
    status: text('status', { enum: SCHEDULE_STATUSES }).notNull().default('active'),
    /** Why it has this status: the note of whoever paused it, or our own word. */
    statusNote: text('status_note'),
    /** Raised by each change; Temporal knows what `syncedRevision` says. */
    revision: integer('revision').notNull().default(1),
    syncedRevision: integer('synced_revision').notNull().default(0),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.scheduleId] }),
    // The ids of workflows name the schedule without the organisation.
    unique('schedules_unique_over_organisations').on(table.scheduleId),
    foreignKey({
      name: 'schedules_employee',
      columns: [table.orgId, table.employeeId],
      foreignColumns: [employees.orgId, employees.employeeId],
    }),
    index('schedules_by_time').on(table.orgId, table.createdAt, table.scheduleId),
    index('schedules_of_employee').on(table.orgId, table.employeeId),
    check('schedules_source', isOneOf(table.source, SOURCES)),
    check('schedules_overlap', isOneOf(table.overlap, OVERLAP_POLICIES)),
    check('schedules_status', isOneOf(table.status, SCHEDULE_STATUSES)),
    check('schedules_catch_up', sql`catch_up_seconds > 0`),
  ],
);
