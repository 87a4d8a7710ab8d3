import { check, index, integer, jsonb, primaryKey, text, uuid } from 'drizzle-orm/pg-core';
import { instant, isOneOf, orgId } from '../columns.ts';
import { hub } from './schema.ts';

const MODES = ['live', 'rehearsal'] as const;
const OUTCOMES = ['in_flight', 'succeeded', 'refused', 'maybe', 'unknown'] as const;
const RESOLUTIONS = ['happened', 'did_not_happen'] as const;

/** One attempt of a call, as kept in a receipt. Wire names, since it is stored and shown as it stands. */
export interface ReceiptAttempt {
  at: string;
  outcome: string;
  latency_ms: number;
  code?: string;
  /** Units of the provider's limits that its requests took; absent where nobody can tell any more. */
  cost_units?: number;
}

/**
 * What a call leaves behind for people. Partitioned by month of `created_at` (see the migration): give the
 * `created_at` of the call's `call_keys` row, then `(org_id, call_id, created_at)` finds it in one partition.
 */
export const receipts = hub.table(
  'receipts',
  {
    orgId: orgId(),
    callId: text('call_id').notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    runId: text('run_id').notNull(),
    /** Of its run. A rehearsal has receipts of reads only. */
    mode: text('mode', { enum: MODES }).notNull().default('live'),
    employeeId: text('employee_id').notNull(),
    employeeVersion: integer('employee_version').notNull(),
    initiatorType: text('initiator_type').notNull(),
    initiatorId: text('initiator_id').notNull(),
    connectionId: text('connection_id').notNull(),
    /** Qualified. */
    capability: text('capability').notNull(),
    capabilityVersion: integer('capability_version').notNull(),
    digest: text('digest').notNull(),
    parametersSummary: text('parameters_summary').notNull(),
    approvalId: uuid('approval_id'),
    providerEffectId: text('provider_effect_id'),
    attempts: jsonb('attempts').$type<ReceiptAttempt[]>().notNull().default([]),
    outcome: text('outcome', { enum: OUTCOMES }).notNull(),
    errorCode: text('error_code'),
    latencyMs: integer('latency_ms'),
    resolution: text('resolution', { enum: RESOLUTIONS }),
    resolvedBy: text('resolved_by'),
    resolvedAt: instant('resolved_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.callId, table.createdAt] }),
    index('receipts_by_time').on(table.orgId, table.createdAt, table.callId),
    index('receipts_by_run').on(table.orgId, table.runId),
    check('receipts_mode', isOneOf(table.mode, MODES)),
    check('receipts_outcome', isOneOf(table.outcome, OUTCOMES)),
    check('receipts_resolution', isOneOf(table.resolution, RESOLUTIONS)),
  ],
);
