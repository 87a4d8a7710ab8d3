import { sql } from 'drizzle-orm';
import { check, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, isOneOf, orgId } from '../columns.ts';
import { authz } from './schema.ts';

const MODES = ['live', 'rehearsal'] as const;
const STATUSES = ['open', 'closed'] as const;

/** What a run ticket is checked against at the moment of a call: no open row, no effect. */
export const authzRuns = authz.table(
  'runs',
  {
    orgId: orgId(),
    runId: text('run_id').notNull(),
    employeeId: text('employee_id').notNull(),
    version: integer('version').notNull(),
    executionId: uuid('execution_id').notNull(),
    /** First run of the chain of retries: call ids are built from it. */
    callScope: text('call_scope').notNull(),
    initiatorType: text('initiator_type').notNull(),
    initiatorId: text('initiator_id').notNull(),
    mode: text('mode', { enum: MODES }).notNull(),
    /** SHA-256 (hex) of the run's plan, bound into its ticket. */
    planHash: text('plan_hash').notNull(),
    status: text('status', { enum: STATUSES }).notNull().default('open'),
    openedAt: instant('opened_at').notNull().defaultNow(),
    closedAt: instant('closed_at'),
    /** People hold the run: no call may begin. */
    pausedAt: instant('paused_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.runId] }),
    uniqueIndex('runs_one_open_per_call_scope')
      .on(table.orgId, table.callScope)
      .where(sql`status = 'open'`),
    check('runs_mode', isOneOf(table.mode, MODES)),
    check('runs_status', isOneOf(table.status, STATUSES)),
  ],
);
