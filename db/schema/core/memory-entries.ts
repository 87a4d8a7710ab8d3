import { sql } from 'drizzle-orm';
import { bigint, check, doublePrecision, index, integer, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { MEMORY_KINDS, MEMORY_SCOPES } from '../../../contracts/memory.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { core } from './schema.ts';

export const MEMORY_WRITERS = ['person', 'run'] as const;

/** What is remembered: whose it is and how it is found. What it says stands in its versions, sealed. */
export const memoryEntries = core.table(
  'memory_entries',
  {
    orgId: orgId(),
    /** A UUIDv7: newer entries have higher ones. */
    memoryId: uuid('memory_id').notNull(),
    /** Under which of `memory_keys` it can be found; under another one it is lost. */
    keyId: uuid('key_id').notNull(),
    scope: text('scope', { enum: MEMORY_SCOPES }).notNull(),
    /** The employee whose it is, or whose skill's; empty for the organisation. No foreign key: employees are never deleted. */
    owner: text('owner').notNull(),
    /** The node whose it is; empty for the other scopes. */
    skill: text('skill').notNull(),
    kind: text('kind', { enum: MEMORY_KINDS }).notNull(),
    /** HMACs of the key, as people mean it, and of the value's canonical JSON. */
    keyHash: text('key_hash').notNull(),
    valueHash: text('value_hash').notNull(),
    /** Those of its stems. */
    stems: bigint('stems', { mode: 'bigint' }).array().notNull(),
    version: integer('version').notNull().default(1),
    /** 0 to 1: how sure whoever wrote it was. */
    confidence: doublePrecision('confidence').notNull(),
    /** Who wrote its present version. */
    writer: text('writer', { enum: MEMORY_WRITERS }).notNull(),
    createdAt: instant('created_at').notNull().defaultNow(),
    /** When its value was written. */
    updatedAt: instant('updated_at').notNull().defaultNow(),
    /** When somebody last said the same. */
    confirmedAt: instant('confirmed_at').notNull().defaultNow(),
    /** To the day: when a run was last given it. */
    usedAt: instant('used_at'),
    /** When its confidence was last lowered because no run was given it. */
    fadedAt: instant('faded_at'),
    expiresAt: instant('expires_at'),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.memoryId] }),
    unique('memory_entries_key').on(table.orgId, table.keyHash, table.owner, table.skill),
    index('memory_entries_by_owner').on(table.orgId, table.owner, table.skill, table.updatedAt),
    index('memory_entries_by_time').on(table.orgId, table.updatedAt, table.memoryId),
    index('memory_entries_expiring')
      .on(table.orgId, table.expiresAt)
      .where(sql`expires_at is not null`),
    check('memory_entries_scope', isOneOf(table.scope, MEMORY_SCOPES)),
    check('memory_entries_kind', isOneOf(table.kind, MEMORY_KINDS)),
    check('memory_entries_writer', isOneOf(table.writer, MEMORY_WRITERS)),
    check('memory_entries_confidence', sql`confidence between 0 and 1`),
    check('memory_entries_whose', sql`(scope = 'organisation') = (owner = '') and (scope = 'skill') = (skill <> '')`),
  ],
);
