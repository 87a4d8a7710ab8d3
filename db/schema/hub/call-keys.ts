import { sql } from 'drizzle-orm';
import {
  bigint,
  boolean,
  check,
  date,
  foreignKey,
  index,
  integer,
  jsonb,
  numeric,
  primaryKey,
  text,
  uuid,
} from 'drizzle-orm/pg-core';
import type { Json, JsonObject } from '../../../contracts/json.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { connections } from './connections.ts';
import { hub } from './schema.ts';

const STATES = ['in_flight', 'succeeded', 'refused', 'maybe', 'unknown'] as const;
const RISKS = ['read', 'write', 'destructive'] as const;
const STRATEGIES = ['native', 'lookup', 'none'] as const;

/** The ledger of calls: what makes an effect happen once. Hash-partitioned by its primary key (see the migration). */
export const callKeys = hub.table(
  'call_keys',
  {
    orgId: orgId(),
    callId: text('call_id').notNull(),
    digest: text('digest').notNull(),
    /** Qualified. */
    capability: text('capability').notNull(),
    capabilityVersion: integer('capability_version').notNull(),
    connectionId: text('connection_id').notNull(),
    employeeId: text('employee_id').notNull(),
    runId: text('run_id').notNull(),
    risk: text('risk', { enum: RISKS }).notNull(),
    idempotency: text('idempotency', { enum: STRATEGIES }).notNull(),
    state: text('state', { enum: STATES }).notNull().default('in_flight'),
    /** Of a refused call: whether it may go out again. */
    retryable: boolean('retryable').notNull().default(false),
    /** Raised with each attempt; a holder of an older one must not send. */
    fence: bigint('fence', { mode: 'number' }).notNull().default(1),
    owner: text('owner').notNull(),
    /** By the database's clock: in flight past it means `maybe`. */
    deadline: instant('deadline').notNull(),
    attempts: integer('attempts').notNull().default(1),
    nativeKey: text('native_key').notNull(),
    /** A sealed text as its string; what is older may be plain. */
    result: jsonb('result').$type<Json>(),
    providerEffectId: text('provider_effect_id'),
    error: jsonb('error').$type<JsonObject>(),
    approvalId: uuid('approval_id'),
    createdAt: instant('created_at').notNull().defaultNow(),
    updatedAt: instant('updated_at').notNull().defaultNow(),
    /** Not settled before: the capability's `settle_ms` after the deadline. */
    settleAfter: instant('settle_after'),
    /**
     * The call's reservation: the UTC day whose budgets it counts against, and the money; null = it has none (a read). Its
     * state is that of the call, so that the two cannot disagree: held while `in_flight`, `maybe` or `unknown`, settled once
     * `succeeded`, returned at `refused`. `hub.budget_use` holds the sums.
     */
    reservedOn: date('reserved_on', { mode: 'string' }),
    reservedCurrency: text('reserved_currency'),
    reservedAmount: numeric('reserved_amount', { precision: 21, scale: 6 }),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.callId] }),
    foreignKey({
      name: 'call_keys_connection',
      columns: [table.orgId, table.connectionId],
      foreignColumns: [connections.orgId, connections.connectionId],
    }),
    index('call_keys_by_run').on(table.orgId, table.runId),
    index('call_keys_unsettled')
      .on(table.deadline)
      .where(sql`state in ('in_flight', 'maybe')`),
    // For the figures of operators: mostly empty.
    index('call_keys_unknown')
      .on(table.updatedAt)
      .where(sql`state = 'unknown'`),
    // How many calls of an organisation are under way.
    index('call_keys_in_flight')
      .on(table.orgId, table.deadline)
      .where(sql`state = 'in_flight'`),
    // For cleaning: a call enters it once, when it is settled.
    index('call_keys_settled')
      .on(table.createdAt)
      .where(sql`state in ('succeeded', 'refused')`),
    check('call_keys_state', isOneOf(table.state, STATES)),
    check('call_keys_risk', isOneOf(table.risk, RISKS)),
    check('call_keys_idempotency', isOneOf(table.idempotency, STRATEGIES)),
    check('call_keys_money', sql`(reserved_currency is null) = (reserved_amount is null)`),
  ],
);
