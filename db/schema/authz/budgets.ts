import { jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Budget } from '../../../contracts/policy.ts';
import { instant, orgId } from '../columns.ts';
import { authz } from './schema.ts';

/** What an employee may do and spend, all its versions together. No row: the default budget. */
export const budgets = authz.table(
  'budgets',
  {
    orgId: orgId(),
    employeeId: text('employee_id').notNull(),
    budget: jsonb('budget').$type<Budget>().notNull(),
    setBy: text('set_by').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.employeeId] })],
);
