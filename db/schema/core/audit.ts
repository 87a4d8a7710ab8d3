import { check, index, primaryKey } from 'drizzle-orm/pg-core';
import { ACTOR_TYPES, auditColumns } from '../audit-columns.ts';
import { isOneOf } from '../columns.ts';
import { core } from './schema.ts';

/** Append-only: the runtime role may INSERT and SELECT, nothing else. */
export const coreAudit = core.table('audit', auditColumns(), (table) => [
  primaryKey({ columns: [table.orgId, table.auditId] }),
  index('audit_by_time').on(table.orgId, table.at, table.auditId),
  check('audit_actor_type', isOneOf(table.actorType, ACTOR_TYPES)),
]);
