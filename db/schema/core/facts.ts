import { bigint, index, integer, jsonb, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../../contracts/json.ts';
import { instant, orgId } from '../columns.ts';
import { core } from './schema.ts';

/**
 * The FactStream. Append-only: the runtime role may INSERT and SELECT, nothing else. No foreign keys: their checks would wait
 * for locks of others while the stream's own lock is held (`number_fact`), and nothing that a fact names is ever deleted.
 */
export const facts = core.table(
  'facts',
  {
    orgId: orgId(),
    /** 1, 2, 3 ... in each organisation, in the order of commits: given by the trigger `number_fact`, whatever is inserted. */
    seq: bigint('seq', { mode: 'number' }).notNull().default(0),
    factId: uuid('fact_id').notNull().defaultRandom(),
    /** Such as `GraphDefined`, `RunRequested`. */
    kind: text('kind').notNull(),
    /** Of `data`: which version of the kind's schema (`contracts/facts.ts`) it was written by. */
    schemaVersion: integer('schema_version').notNull().default(1),
    employeeId: text('employee_id'),
    runId: text('run_id'),
    data: jsonb('data').$type<JsonObject>().notNull(),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.seq] }),
    unique('facts_fact_id').on(table.orgId, table.factId),
    index('facts_by_run').on(table.orgId, table.runId, table.seq),
    index('facts_by_employee').on(table.orgId, table.employeeId, table.seq),
    index('facts_by_kind').on(table.orgId, table.kind, table.seq),
  ],
);
