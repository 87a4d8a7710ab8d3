import { customType, foreignKey, index, primaryKey, text } from 'drizzle-orm/pg-core';
import { orgId } from '../columns.ts';
import { employees } from './employees.ts';
import { core } from './schema.ts';

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** The duties of active employees as the supervisor looks for them: those that start by themselves, with what follows them. */
export const duties = core.table(
  'duties',
  {
    orgId: orgId(),
    employeeId: text('employee_id').notNull(),
    nodeId: text('node_id').notNull(),
    title: text('title').notNull(),
    /** Its title (weight A) and sentences (B), stemmed. */
    words: tsvector('words').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.employeeId, table.nodeId] }),
    foreignKey({
      name: 'duties_employee',
      columns: [table.orgId, table.employeeId],
      foreignColumns: [employees.orgId, employees.employeeId],
    }),
  ],
);

/**
 * Which duties have a stem. A GIN index over `words` would say so too, but is never used: the operators of full text are
 * not leakproof, so row-level security keeps them from an index. Equality of texts is.
 */
export const dutyStems = core.table(
  'duty_stems',
  {
    orgId: orgId(),
    stem: text('stem').notNull(),
    employeeId: text('employee_id').notNull(),
    nodeId: text('node_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.stem, table.employeeId, table.nodeId] }),
    index('duty_stems_of_employee').on(table.orgId, table.employeeId),
  ],
);
