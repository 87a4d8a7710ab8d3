import { primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, orgId } from '../columns.ts';
import { hub } from './schema.ts';

/** An approval serves one call with one digest, for good: the runtime role may INSERT and SELECT, nothing else. */
export const approvalUses = hub.table(
  'approval_uses',
  {
    orgId: orgId(),
    approvalId: uuid('approval_id').notNull(),
    callId: text('call_id').notNull(),
    digest: text('digest').notNull(),
    usedAt: instant('used_at').notNull().defaultNow(),
  },
  (table) => [primaryKey({ columns: [table.orgId, table.approvalId] })],
);
