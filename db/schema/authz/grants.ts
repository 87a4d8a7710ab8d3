import { primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { authz } from './schema.ts';

/** What an employee may use: one connection per capability. A revoked grant stops the next call. */
export const grants = authz.table(
  'grants',
  {
    orgId: orgId(),
    employeeId: text('employee_id').notNull(),
    /** Qualified: `slack/slack.post`. */
    capability: text('capability').notNull(),
    connectionId: text('connection_id').notNull(),
    grantedBy: text('granted_by').notNull(),
    grantedAt: instant('granted_at').notNull().defaultNow(),
    revokedAt: instant('revoked_at'),
    revokedBy: text('revoked_by'),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.employeeId, table.capability] })],
);
