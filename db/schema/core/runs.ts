import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, jsonb, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { ExecutionResult, Trigger } from '../../../contracts/events.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import type { EmployeeRunInput } from '../../../contracts/run.ts';
import type { UsedMemory, WrittenMemory } from '../../../contracts/memory.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { employeeVersions } from './employee-versions.ts';
import { core } from './schema.ts';

const MODES = ['live', 'rehearsal'] as const;
const STATUSES = ['requested', 'running', 'completed', 'failed', 'interrupted'] as const;

/** One execution of an employee version, from its acceptance to its recorded result. */
export const runs = core.table(
  'runs',
  {
    orgId: orgId(),
    runId: text('run_id').notNull(),
    employeeId: text('employee_id').notNull(),
    version: integer('version').notNull(),
    executionId: uuid('execution_id').notNull(),
    /** A rehearsal changes nothing at a provider, leaves no fact and is remembered by nobody. */
    mode: text('mode', { enum: MODES }).notNull().default('live'),
    status: text('status', { enum: STATUSES }).notNull().default('requested'),
    waitingOn: text('waiting_on'),
    trigger: jsonb('trigger').$type<Trigger>().notNull(),
    initiator: jsonb('initiator').$type<JsonObject>().notNull(),
    /** The workflow's input less the ticket, which is signed anew at each start. */
    intent: jsonb('intent').$type<Omit<EmployeeRunInput, 'ticket'>>().notNull(),
    result: jsonb('result').$type<ExecutionResult>(),
    errorCode: text('error_code'),
    /** What was recalled for it (`RunPlan.memory`), sealed; gone when the run has ended. The intent's plan lacks it. */
    memory: text('memory'),
    /** Which entries those were, and what came of what its skills asked to be remembered. */
    memoryUsed: jsonb('memory_used').$type<UsedMemory[]>(),
    memoryWritten: jsonb('memory_written').$type<WrittenMemory[]>(),
    temporalRunId: text('temporal_run_id'),
    /** What caused the run (W3C trace context); its workflow is started within the same trace, however late. */
    traceparent: text('traceparent'),
    requestedAt: instant('requested_at').notNull().defaultNow(),
    startedAt: instant('started_at'),
    /** Since when people hold it; a run that has ended keeps its last word. */
    pausedAt: instant('paused_at'),
    finishedAt: instant('finished_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.runId] }),
    foreignKey({
      name: 'runs_employee_version',
      columns: [table.orgId, table.employeeId, table.version],
      foreignColumns: [employeeVersions.orgId, employeeVersions.employeeId, employeeVersions.version],
    }),
    unique('runs_execution_id').on(table.orgId, table.executionId),
    index('runs_by_time').on(table.orgId, table.requestedAt, table.runId),
    index('runs_by_employee').on(table.orgId, table.employeeId, table.requestedAt),
    index('runs_open')
      .on(table.runId)
      .where(sql`status in ('requested', 'running')`),
    check('runs_mode', isOneOf(table.mode, MODES)),
    check('runs_status', isOneOf(table.status, STATUSES)),
    check('runs_traceparent', sql`traceparent ~ '^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$'`),
  ],
);
