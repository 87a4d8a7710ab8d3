import { and, eq } from 'drizzle-orm';
import { ClancyError } from '../../contracts/errors.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { memoryEntries } from '../../db/schema/core/memory-entries.ts';
import { memoryVersions } from '../../db/schema/core/memory-versions.ts';

export type EntryRow = typeof memoryEntries.$inferSelect;
export type VersionRow = typeof memoryVersions.$inferSelect;

/** @throws ClancyError `not_found`, alike for another organisation's id and nobody's. */
export async function findEntry(tx: OrgReadTx, memoryId: string, lock?: 'update'): Promise<EntryRow> {
  const query = tx.db
    .select()
    .from(memoryEntries)
    .where(and(eq(memoryEntries.orgId, tx.orgId), eq(memoryEntries.memoryId, memoryId)));
  const [row] = await (lock ? query.for('update') : query);
  if (!row) throw notThere();
  return row;
}

export function notThere(): ClancyError {
  return new ClancyError('not_found', 'There is no such memory, or it was forgotten.', { next: 'GET /v1/memory lists them.' });
}

/** An entry's present version. */
export const isPresent = and(
  eq(memoryVersions.orgId, memoryEntries.orgId),
  eq(memoryVersions.memoryId, memoryEntries.memoryId),
  eq(memoryVersions.version, memoryEntries.version),
);
