import { integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Policy } from '../../../contracts/policy.ts';
import { orgId } from '../columns.ts';
import { authz } from './schema.ts';

/** The rules of one employee version, in order. Immutable like the version. */
export const policies = authz.table(
  'policies',
  {
    orgId: orgId(),
    employeeId: text('employee_id').notNull(),
    version: integer('version').notNull(),
    rules: jsonb('rules').$type<Policy>().notNull(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.employeeId, table.version] })],
);
