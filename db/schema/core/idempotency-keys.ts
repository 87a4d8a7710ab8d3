import { index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Json } from '../../../contracts/json.ts';
import { instant, orgId } from '../columns.ts';
import { core } from './schema.ts';

/** What a POST with this `Idempotency-Key` answered. Without `status_code` the first request is still at work. */
export const idempotencyKeys = core.table(
  'idempotency_keys',
  {
    orgId: orgId(),
    /** Kind and id of the caller: keys of two principals never meet. */
    principal: text('principal').notNull(),
    route: text('route').notNull(),
    key: text('key').notNull(),
    requestDigest: text('request_digest').notNull(),
    statusCode: integer('status_code'),
    response: jsonb('response').$type<Json>(),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.principal, table.route, table.key] }),
    index('idempotency_keys_to_expire').on(table.orgId, table.expiresAt),
  ],
);
