import { foreignKey, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { EmployeeDefinition, Explanation } from '../../../contracts/employee-graph.ts';
import { instant, orgId } from '../columns.ts';
import { employees } from './employees.ts';
import { core } from './schema.ts';

/** Immutable: the runtime role may INSERT and SELECT, nothing else. */
export const employeeVersions = core.table(
  'employee_versions',
  {
    orgId: orgId(),
    employeeId: text('employee_id').notNull(),
    version: integer('version').notNull(),
    jobDescription: text('job_description').notNull(),
    definition: jsonb('definition').$type<EmployeeDefinition>().notNull(),
    explanation: jsonb('explanation').$type<Explanation>().notNull(),
    /** SHA-256 (hex) of the definition's canonical JSON. */
    contentHash: text('content_hash').notNull(),
    createdBy: text('created_by').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.employeeId, table.version] }),
    foreignKey({
      name: 'employee_versions_employee',
      columns: [table.orgId, table.employeeId],
      foreignColumns: [employees.orgId, employees.employeeId],
    }),
  ],
);
