import { foreignKey, primaryKey, text } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { runs } from './runs.ts';
import { core } from './schema.ts';

/** A run that only shows what it would do: what it was asked for, and what it is compared with. */
export const rehearsals = core.table(
  'rehearsals',
  {
    orgId: orgId(),
    runId: text('run_id').notNull(),
    /** The earlier run whose input it has; null = an example was given. */
    fromRun: text('from_run'),
    /** Rehearsal of the version that was active, with the same input; null = there is nothing to compare with. */
    baselineRunId: text('baseline_run_id'),
    requestedBy: text('requested_by').notNull(),
    requestedAt: instant('requested_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.runId] }),
    foreignKey({ name: 'rehearsals_run', columns: [table.orgId, table.runId], foreignColumns: [runs.orgId, runs.runId] }),
  ],
);
