import { jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../../contracts/json.ts';
import { instant, orgId } from '../columns.ts';
import { core } from './schema.ts';

/** Suggestions that somebody does not want to see any more, as they were then. */
export const insightDismissals = core.table(
  'insight_dismissals',
  {
    orgId: orgId(),
    suggestionId: uuid('suggestion_id').notNull(),
    suggestion: jsonb('suggestion').$type<JsonObject>().notNull(),
    reason: text('reason'),
    dismissedBy: text('dismissed_by').notNull(),
    dismissedAt: instant('dismissed_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.suggestionId] })],
);
