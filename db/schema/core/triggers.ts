import { sql } from 'drizzle-orm';
import { bigint, check, index, jsonb, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import type { JsonObject } from '../../../contracts/json.ts';
import type { TriggerAnswer, TriggerCandidate } from '../../../contracts/trigger.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { core } from './schema.ts';

const SOURCES = ['webhook', 'person', 'fact'] as const;
const DECISIONS = ['started', 'unmatched', 'asked', 'duplicate', 'dismissed', 'refused'] as const;
const RULES = ['target', 'subscription', 'matching', 'person', 'none'] as const;

/** What asked for work without saying, or saying, whose; and what the supervisor made of it. Its key makes it happen once. */
export const triggers = core.table(
  'triggers',
  {
    orgId: orgId(),
    triggerId: uuid('trigger_id').notNull(),
    source: text('source', { enum: SOURCES }).notNull(),
    /** A person, the service that brought the webhook, or the FactStream (`facts`). */
    sentBy: text('sent_by').notNull(),
    /** SHA-256 (hex) of who sent what: another request with the same id is told so. */
    digest: text('digest').notNull(),
    type: text('type'),
    /** Of a webhook: the provider, the connection and the provider's own id of the event. */
    provider: text('provider'),
    connectionId: text('connection_id'),
    externalId: text('external_id'),
    occurredAt: instant('occurred_at'),
    /** Of a fact: its place in the FactStream. */
    factSeq: bigint('fact_seq', { mode: 'number' }),
    /** Of a fact: the employees whose runs led to it, the first cause first; and the trigger that all of it began with. */
    causeChain: jsonb('cause_chain').$type<string[]>(),
    causeRoot: uuid('cause_root'),
    text: text('text'),
    payload: jsonb('payload').$type<JsonObject>().notNull(),
    decision: text('decision', { enum: DECISIONS }).notNull(),
    /** What decided: a named employee, subscriptions, the words, a person; `none` while nobody fits. */
    rule: text('rule', { enum: RULES }).notNull(),
    /** A sentence for people. */
    reason: text('reason').notNull(),
    /** Who was considered, the best first: the second is the runner-up. */
    candidates: jsonb('candidates').$type<TriggerCandidate[]>().notNull(),
    /** The first answer, which every repetition gets. */
    answer: jsonb('answer').$type<TriggerAnswer>(),
    /** The person who answered for a trigger that was `asked`. */
    decidedBy: text('decided_by'),
    decidedAt: instant('decided_at'),
    at: instant('at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.triggerId] }),
    uniqueIndex('triggers_one_per_event')
      .on(table.orgId, table.connectionId, table.type, table.externalId)
      .where(sql`source = 'webhook' and decision <> 'duplicate'`),
    index('triggers_by_time').on(table.orgId, table.at, table.triggerId),
    index('triggers_by_decision').on(table.orgId, table.decision, table.at, table.triggerId),
    index('triggers_by_cause')
      .on(table.orgId, table.causeRoot)
      .where(sql`cause_root is not null`),
    check('triggers_source', isOneOf(table.source, SOURCES)),
    check('triggers_decision', isOneOf(table.decision, DECISIONS)),
    check('triggers_rule', isOneOf(table.rule, RULES)),
  ],
);
