import { bigint, foreignKey, index, jsonb, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../../contracts/json.ts';
import { instant, orgId } from '../columns.ts';
import { employees } from './employees.ts';
import { runs } from './runs.ts';
import { core } from './schema.ts';

/** The FactStream. Append-only: the runtime role may INSERT and SELECT, nothing else. */
export const facts = core.table(
  'facts',
  {
    orgId: orgId(),
    seq: bigint('seq', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    factId: uuid('fact_id').notNull().defaultRandom(),
    /** Such as `GraphDefined`, `RunRequested`. */
    kind: text('kind').notNull(),
    employeeId: text('employee_id'),
    runId: text('run_id'),
    data: jsonb('data').$type<JsonObject>().notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.seq] }),
    unique('facts_fact_id').on(table.orgId, table.factId),
    foreignKey({
      name: 'facts_employee',
      columns: [table.orgId, table.employeeId],
      foreignColumns: [employees.orgId, employees.employeeId],
    }),
    foreignKey({
      name: 'facts_run',
      columns: [table.orgId, table.runId],
      foreignColumns: [runs.orgId, runs.runId],
    }),
    index('facts_by_run').on(table.orgId, table.runId),
  ],
);
