import { check, foreignKey, integer, jsonb, primaryKey, text } from 'drizzle-orm/pg-core';
import type { Json } from '../../../contracts/json.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { rehearsals } from './rehearsals.ts';
import { core } from './schema.ts';

const ANSWERS = ['approved', 'rejected'] as const;

/** A question of an `approval` node that a rehearsal put to nobody, and the answer that it went on with. */
export const rehearsalQuestions = core.table(
  'rehearsal_questions',
  {
    orgId: orgId(),
    runId: text('run_id').notNull(),
    /** What a repeated request is recognised by: skill run and request id. */
    requestKey: text('request_key').notNull(),
    /** Node of the skill that would ask. */
    skill: text('skill').notNull(),
    question: text('question').notNull(),
    details: jsonb('details').$type<Json>().notNull(),
    approvers: text('approvers').array().notNull(),
    timeoutSeconds: integer('timeout_seconds').notNull(),
    answer: text('answer', { enum: ANSWERS }).notNull(),
    askedAt: instant('asked_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.runId, table.requestKey] }),
    foreignKey({
      name: 'rehearsal_questions_rehearsal',
      columns: [table.orgId, table.runId],
      foreignColumns: [rehearsals.orgId, rehearsals.runId],
    }),
    check('rehearsal_questions_answer', isOneOf(table.answer, ANSWERS)),
  ],
);
