import { index, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { hub } from './schema.ts';

/**
 * An approval serves one call with one digest, for good: the runtime role may INSERT and SELECT, nothing else. A use goes
 * once its call id is long past the horizon (`hub.clean_past`), since then neither call nor approval can come again.
 */
export const approvalUses = hub.table(
  'approval_uses',
  {
    orgId: orgId(),
    approvalId: uuid('approval_id').notNull(),
    callId: text('call_id').notNull(),
    digest: text('digest').notNull(),
    usedAt: instant('used_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.approvalId] }), index('approval_uses_by_time').on(table.usedAt)],
);
