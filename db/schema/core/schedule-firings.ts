import { sql } from 'drizzle-orm';
import { check, foreignKey, index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, isOneOf, orgId } from '../columns.ts';
import { runs } from './runs.ts';
import { schedules } from './schedules.ts';
import { core } from './schema.ts';

const STATUSES = ['ordered', 'prepared', 'refused'] as const;

/** One instant of a schedule and what became of it: its key lets one instant make one run. */
export const scheduleFirings = core.table(
  'schedule_firings',
  {
    orgId: orgId(),
    scheduleId: uuid('schedule_id').notNull(),
    nominalAt: instant('nominal_at').notNull(),
    status: text('status', { enum: STATUSES }).notNull(),
    /** Who triggered it by hand; else the schedule's times did. */
    orderedBy: text('ordered_by'),
    runId: text('run_id'),
    /** The execution of `scheduledRun` that was given the run. */
    workflowId: text('workflow_id'),
    temporalRunId: text('temporal_run_id'),
    refusedCode: text('refused_code'),
    refusedReason: text('refused_reason'),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.scheduleId, table.nominalAt] }),
    foreignKey({
      name: 'schedule_firings_schedule',
      columns: [table.orgId, table.scheduleId],
      foreignColumns: [schedules.orgId, schedules.scheduleId],
    }),
    foreignKey({
      name: 'schedule_firings_run',
      columns: [table.orgId, table.runId],
      foreignColumns: [runs.orgId, runs.runId],
    }),
    index('schedule_firings_of_run').on(table.orgId, table.runId),
    check('schedule_firings_status', isOneOf(table.status, STATUSES)),
    check('schedule_firings_prepared', sql`(status = 'prepared') = (run_id is not null)`),
  ],
);
