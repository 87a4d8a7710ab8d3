import { bigint, check, index, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import { REHEARSED_BY, type RehearsedQuestion } from '../../../contracts/rehearsal.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { hub } from './schema.ts';

const RISKS = ['read', 'write', 'destructive'] as const;

/** What a call of a rehearsal came to. Apart from the ledger and the receipts: nothing in here has happened. */
export const rehearsalCalls = hub.table(
  'rehearsal_calls',
  {
    orgId: orgId(),
    callId: text('call_id').notNull(),
    runId: text('run_id').notNull(),
    /** In the order in which they came. */
    position: bigint('position', { mode: 'number' }).notNull().generatedAlwaysAsIdentity(),
    /** Qualified. */
    capability: text('capability').notNull(),
    capabilityVersion: integer('capability_version').notNull(),
    risk: text('risk', { enum: RISKS }).notNull(),
    connectionId: text('connection_id').notNull(),
    accountName: text('account_name'),
    digest: text('digest').notNull(),
    /** Exactly as they would have gone out. A sealed text. */
    parameters: text('parameters').notNull(),
    /** What answered it. */
    answeredBy: text('answered_by', { enum: REHEARSED_BY }).notNull(),
    /** The earlier call whose result it was made of. */
    basis: text('basis'),
    /** A sealed text; null = it was refused, or the ledger has it. */
    result: text('result'),
    /** Whom the policy would have asked, and the answer that was taken. */
    question: jsonb('question').$type<RehearsedQuestion>(),
    errorCode: text('error_code'),
    errorMessage: text('error_message'),
    createdAt: instant('created_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.callId] }),
    index('rehearsal_calls_by_run').on(table.orgId, table.runId, table.position),
    check('rehearsal_calls_risk', isOneOf(table.risk, RISKS)),
    check('rehearsal_calls_answered_by', isOneOf(table.answeredBy, REHEARSED_BY)),
  ],
);
