import { sql } from 'drizzle-orm';
import type { Column, SQL } from 'drizzle-orm';
import { text, timestamp } from 'drizzle-orm/pg-core';

/** The tenant. First in every primary key and in every foreign key. */
export const orgId = () => text('org_id').notNull();

/** An instant to the millisecond: what a JavaScript `Date` carries, so that cursors made from it compare equal. */
export const instant = (name: string) => timestamp(name, { withTimezone: true, precision: 3, mode: 'date' });

/** Body of a CHECK constraint: the column holds one of these words (plain words from our own code, never input). */
export function isOneOf(column: Column, words: readonly string[]): SQL {
  return sql`${column} in (${sql.raw(words.map((word) => `'${word}'`).join(', '))})`;
}
