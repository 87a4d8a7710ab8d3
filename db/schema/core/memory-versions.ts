import { check, doublePrecision, foreignKey, integer, primaryKey, text, unique, uuid } from 'drizzle-orm/pg-core';
import { MEMORY_KINDS } from '../../../contracts/memory.ts';
import { instant, isOneOf, orgId } from '../columns.ts';
import { MEMORY_WRITERS, memoryEntries } from './memory-entries.ts';
import { core } from './schema.ts';

/** What an entry said, version by version. The runtime role adds and deletes; it changes nothing but the seal. */
export const memoryVersions = core.table(
  'memory_versions',
  {
    orgId: orgId(),
    versionId: uuid('version_id').notNull(),
    memoryId: uuid('memory_id').notNull(),
    version: integer('version').notNull(),
    kind: text('kind', { enum: MEMORY_KINDS }).notNull(),
    /** `{ key, value }`, sealed with the organisation's data key. */
    content: text('content').notNull(),
    confidence: doublePrecision('confidence').notNull(),
    writer: text('writer', { enum: MEMORY_WRITERS }).notNull(),
    /** A person's id, or the run's. */
    writtenBy: text('written_by').notNull(),
    /** Of a run: the skill run that asked, and where in its graph. */
    skillRun: text('skill_run'),
    path: text('path'),
    writtenAt: instant('written_at').notNull().defaultNow(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.versionId] }),
    unique('memory_versions_number').on(table.orgId, table.memoryId, table.version),
    foreignKey({
      name: 'memory_versions_entry',
      columns: [table.orgId, table.memoryId],
      foreignColumns: [memoryEntries.orgId, memoryEntries.memoryId],
    }).onDelete('cascade'),
    check('memory_versions_kind', isOneOf(table.kind, MEMORY_KINDS)),
    check('memory_versions_writer', isOneOf(table.writer, MEMORY_WRITERS)),
  ],
);
