import { sql } from 'drizzle-orm';
import { check, index, integer, primaryKey, text, uniqueIndex, uuid } from 'drizzle-orm/pg-core';
import { instant, isOneOf, orgId } from '../columns.ts';
import { core } from './schema.ts';

/** What Temporal holds a reference to (already encoded), and files of people and providers: never read one for the other. */
const KINDS = ['payload', 'file'] as const;
/** Being written; there to be read; to be deleted, and read by nobody any more. */
const STATES = ['pending', 'stored', 'doomed'] as const;

/** Large values that stand outside the database: each row is one object in the folder or bucket. */
export const blobs = core.table(
  'blobs',
  {
    orgId: orgId(),
    /** Name of the object. Each time something is written it is a new one, so that deleting never meets a writing. */
    objectId: uuid('object_id').notNull(),
    kind: text('kind', { enum: KINDS }).notNull(),
    /** Of the content, in hexadecimal; not known before the end of an upload without it. */
    sha256: text('sha256'),
    /** Bytes of the content. */
    size: integer('size').notNull(),
    mediaType: text('media_type').notNull(),
    createdBy: text('created_by').notNull(),
    runId: text('run_id'),
    state: text('state', { enum: STATES }).notNull().default('pending'),
    createdAt: instant('created_at').notNull().defaultNow(),
    expiresAt: instant('expires_at').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orgId, table.objectId] }),
    uniqueIndex('blobs_one_of_a_content')
      .on(table.orgId, table.kind, table.sha256)
      .where(sql`state = 'stored'`),
    index('blobs_to_expire').on(table.expiresAt),
    check('blobs_kind', isOneOf(table.kind, KINDS)),
    check('blobs_state', isOneOf(table.state, STATES)),
    check('blobs_sha256', sql`sha256 ~ '^[0-9a-f]{64}$'`),
    check('blobs_stored_has_sha256', sql`state <> 'stored' or sha256 is not null`),
    check('blobs_size', sql`size >= 0`),
  ],
);
