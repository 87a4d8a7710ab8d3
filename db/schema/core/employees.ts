import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, text, unique } from 'drizzle-orm/pg-core';
import { instant, isOneOf, orgId } from '../columns.ts';
import { core } from './schema.ts';

const STATUSES = ['draft', 'active', 'retired'] as const;

/** An AI employee. What it does stands in its versions. */
export const employees = core.table(
  'employees',
  {
    orgId: orgId(),
    employeeId: text('employee_id').notNull(),
    name: text('name').notNull(),
    ownerUserId: text('owner_user_id').notNull(),
    /** Words by which people find it; sorted, none twice. */
    labels: text('labels')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    status: text('status', { enum: STATUSES }).notNull().default('draft'),
    /** Refers to `employee_versions` (foreign key in the migration, since the two tables refer to each other). */
    activeVersion: integer('active_version'),
    m2mClientId: text('m2m_client_id'),
    /** Sealed. */
    m2mClientSecret: text('m2m_client_secret'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.employeeId] }),
    // Run and graph ids name the employee without the organisation.
    unique('employees_unique_over_organisations').on(table.employeeId),
    index('employees_by_time').on(table.orgId, table.createdAt, table.employeeId),
    check('employees_status', isOneOf(table.status, STATUSES)),
  ],
);
