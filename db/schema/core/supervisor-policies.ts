import { boolean, check, primaryKey, text } from 'drizzle-orm/pg-core';
import { SEVERAL } from '../../../contracts/trigger.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { core } from './schema.ts';

/** What an organisation wants where several employees fit, and whether the words of webhooks may choose one. No row: the default. */
export const supervisorPolicies = core.table(
  'supervisor_policies',
  {
    orgId: orgId(),
    subscriptions: text('subscriptions', { enum: SEVERAL }).notNull(),
    matching: text('matching', { enum: SEVERAL }).notNull(),
    matchWebhooks: boolean('match_webhooks').notNull(),
    setBy: text('set_by').notNull(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId] }),
    check('supervisor_policies_subscriptions', isOneOf(table.subscriptions, SEVERAL)),
    check('supervisor_policies_matching', isOneOf(table.matching, SEVERAL)),
  ],
);
