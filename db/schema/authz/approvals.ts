import { sql } from 'drizzle-orm';
import { check, foreignKey, index, integer, jsonb, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { authzRuns } from './runs.ts';
import { authz } from './schema.ts';

const STATUSES = ['pending', 'approved', 'rejected', 'expired', 'cancelled'] as const;
const ON_TIMEOUT = ['reject', 'fail'] as const;

/**
 * A question to a person. With `call_id` it is about exactly one call (bound by `digest`), without it is the
 * question of an `approval` node. ConnectHub records the use of an approval in `hub.approval_uses`.
 */
export const approvals = authz.table(
  'approvals',
  {
    orgId: orgId(),
    approvalId: uuid('approval_id').notNull().defaultRandom(),
    runId: text('run_id').notNull(),
    /** The workflow that waits and is signalled. */
    workflowId: text('workflow_id').notNull(),
    /** What a repeated request is recognised by: the call id, or skill run and request id for a question. */
    requestKey: text('request_key').notNull(),
    callId: text('call_id'),
    digest: text('digest'),
    capability: text('capability'),
    capabilityVersion: integer('capability_version'),
    connectionId: text('connection_id'),
    /** What will run, and what `digest` is over: as the approver has edited it. */
    parameters: jsonb('parameters').$type<JsonObject>(),
    /** What was asked for, where the approver changed it: null = nothing was changed. */
    proposedParameters: jsonb('proposed_parameters').$type<JsonObject>(),
    proposedDigest: text('proposed_digest'),
    /** The receipt of an effect that stands under the call id: yes takes it as the call's result, and nothing runs. */
    stands: jsonb('stands').$type<JsonObject>(),
    question: text('question').notNull(),
    details: jsonb('details').$type<Json>().notNull(),
    /** User ids or `role:...` words; empty = whoever may decide approvals. */
    approvers: text('approvers')
      .array()
      .notNull()
      .default(sql`'{}'::text[]`),
    initiatorId: text('initiator_id').notNull(),
    status: text('status', { enum: STATUSES }).notNull().default('pending'),
    onTimeout: text('on_timeout', { enum: ON_TIMEOUT }).notNull(),
    requestedAt: instant('requested_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    reason: text('reason'),
    /** Reminders so far, and when the last was. */
    reminders: integer('reminders').notNull().default(0),
    remindedAt: instant('reminded_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.approvalId] }),
    foreignKey({
      name: 'approvals_run',
      columns: [table.orgId, table.runId],
      foreignColumns: [authzRuns.orgId, authzRuns.runId],
    }),
    uniqueIndex('approvals_one_per_call')
      .on(table.orgId, table.callId, table.digest)
      .where(sql`call_id is not null and status in ('pending', 'approved')`),
    uniqueIndex('approvals_one_per_question')
      .on(table.orgId, table.runId, table.requestKey)
      .where(sql`call_id is null`),
    index('approvals_by_time').on(table.orgId, table.requestedAt, table.approvalId),
    index('approvals_to_expire')
      .on(table.expiresAt)
      .where(sql`status = 'pending'`),
    check('approvals_status', isOneOf(table.status, STATUSES)),
    check('approvals_on_timeout', isOneOf(table.onTimeout, ON_TIMEOUT)),
    check('approvals_call_has_digest', sql`(call_id is null) = (digest is null)`),
    check('approvals_edited_call', sql`(proposed_parameters is null) = (proposed_digest is null)`),
  ],
);
