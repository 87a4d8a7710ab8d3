import { foreignKey, index, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { orgId } from '../columns.ts';
import { runs } from './runs.ts';
import { core } from './schema.ts';
import { triggers } from './triggers.ts';

/** The runs that a trigger started: one of an employee at most. */
export const triggerRuns = core.table(
  'trigger_runs',
  {
    orgId: orgId(),
    triggerId: uuid('trigger_id').notNull(),
    employeeId: text('employee_id').notNull(),
    runId: text('run_id').notNull(),
    executionId: uuid('execution_id').notNull(),
    /** Nodes that it starts at; null = all that start by themselves. */
    entrySkills: jsonb('entry_skills').$type<string[]>(),
    subscriptionId: uuid('subscription_id'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.triggerId, table.employeeId] }),
    foreignKey({
      name: 'trigger_runs_trigger',
      columns: [table.orgId, table.triggerId],
      foreignColumns: [triggers.orgId, triggers.triggerId],
    }),
    foreignKey({
      name: 'trigger_runs_run',
      columns: [table.orgId, table.runId],
      foreignColumns: [runs.orgId, runs.runId],
    }),
    index('trigger_runs_of_run').on(table.orgId, table.runId),
  ],
);
