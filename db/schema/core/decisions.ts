import { bigint, check, foreignKey, jsonb, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../../contracts/json.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { runs } from './runs.ts';
import { core } from './schema.ts';

const KINDS = ['approval', 'receipt_resolved', 'cancel', 'pause', 'resume', 'terminate'] as const;

/** What somebody decided about a run; the signal only points here. The runtime role may INSERT and SELECT. */
export const decisions = core.table(
  'decisions',
  {
    orgId: orgId(),
    decisionId: uuid('decision_id').notNull(),
    runId: text('run_id').notNull(),
    /** The workflow that is signalled. */
    workflowId: text('workflow_id').notNull(),
    kind: text('kind', { enum: KINDS }).notNull(),
    data: jsonb('data').$type<JsonObject>().notNull(),
    decidedBy: text('decided_by').notNull(),
    decidedAt: instant('decided_at').notNull().defaultNow(),
    /** Equal to that of the outbox row that announces it. */
    seq: bigint('seq', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.decisionId] }),
    foreignKey({
      name: 'decisions_run',
      columns: [table.orgId, table.runId],
      foreignColumns: [runs.orgId, runs.runId],
    }),
    unique('decisions_order').on(table.orgId, table.runId, table.seq),
    check('decisions_kind', isOneOf(table.kind, KINDS)),
  ],
);
