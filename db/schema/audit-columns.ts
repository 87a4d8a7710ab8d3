import { boolean, jsonb, text, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../contracts/json.ts';
import { instant, orgId } from './columns.ts';

export const ACTOR_TYPES = ['person', 'agent', 'service', 'system'] as const;

/**
 * Who did what to which object, from where, and whether it was allowed: the members that an OCSF 1.8 export needs.
 * `org_id` is `metadata.tenant_uid`, `audit_id` `metadata.uid`, `at` `time`, the actor `actor.user` (type and uid),
 * `action` `api.operation`, the object `resources[]`, `source` `src_endpoint`, `allowed` `status_id` (1 or 2),
 * `details` `unmapped`.
 */
export const auditColumns = () => ({
  orgId: orgId(),
  auditId: uuid('audit_id').notNull().defaultRandom(),
  at: instant('at').notNull().defaultNow(),
  actorType: text('actor_type', { enum: ACTOR_TYPES }).notNull(),
  actorId: text('actor_id').notNull(),
  /** `<noun>.<verb>`, such as `employee.create`. */
  action: text('action').notNull(),
  objectType: text('object_type').notNull(),
  objectId: text('object_id').notNull(),
  /** Address of the caller, or the process for work that nobody asked for over HTTP. */
  source: text('source').notNull(),
  allowed: boolean('allowed').notNull(),
  details: jsonb('details').$type<JsonObject>().notNull().default({}),
});
