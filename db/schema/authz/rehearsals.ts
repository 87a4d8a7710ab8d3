import { foreignKey, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { RehearsedApprovals } from '../../../contracts/rehearsal.ts';
import { instant, orgId } from '../columns.ts';
import { authzRuns } from './runs.ts';
import { authz } from './schema.ts';

/** What a run in the mode `rehearsal` goes by instead of grants and people. It gives no right to change anything. */
export const authzRehearsals = authz.table(
  'rehearsals',
  {
    orgId: orgId(),
    runId: text('run_id').notNull(),
    /** By provider: over which it may read. */
    connections: jsonb('connections').$type<{ [provider: string]: string }>().notNull(),
    /** How people's answers are taken to be. */
    approvals: jsonb('approvals').$type<RehearsedApprovals>().notNull(),
    /** Run whose recorded reads answer those of the rehearsal; null = all reads go to the provider. */
    readsFrom: text('reads_from'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.runId] }),
    foreignKey({
      name: 'rehearsals_run',
      columns: [table.orgId, table.runId],
      foreignColumns: [authzRuns.orgId, authzRuns.runId],
    }),
  ],
);
