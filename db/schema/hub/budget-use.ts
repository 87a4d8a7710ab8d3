import { sql } from 'drizzle-orm';
import { check, numeric, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, isOneOf, orgId } from '../columns.ts';
import { hub } from './schema.ts';

export const BUDGET_KINDS = ['run', 'employee_day', 'organisation_day'] as const;

/**
 * How much of each budget is reserved or spent: the sum over the calls whose reservation is held or settled (see
 * `call_keys.reserved_on`). Two copies that reserve at once meet at its row, so that they cannot overspend together.
 */
export const budgetUse = hub.table(
  'budget_use',
  {
    orgId: orgId(),
    kind: text('kind', { enum: BUDGET_KINDS }).notNull(),
    /** The call scope of a run, the employee, or empty for the organisation. */
    subject: text('subject').notNull(),
    /** The UTC day (`2025-06-09`), or empty for a run. */
    period: text('period').notNull(),
    /** `effects`, or the currency. */
    unit: text('unit').notNull(),
    used: numeric('used', { precision: 24, scale: 6 }).notNull(),
    /** The limit under which it was last reserved. */
    most: numeric('most', { precision: 24, scale: 6 }).notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.kind, table.subject, table.period, table.unit] }),
    check('budget_use_kind', isOneOf(table.kind, BUDGET_KINDS)),
    check('budget_use_within', sql`${table.used} between 0 and ${table.most}`),
  ],
);
