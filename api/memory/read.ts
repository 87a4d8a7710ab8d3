import { and, desc, eq } from 'drizzle-orm';
import type { CoreDatabase } from '../../db/client.ts';
import { memoryVersions } from '../../db/schema/core/memory-versions.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { openContent } from './content.ts';
import { findEntry, notThere, type EntryRow, type VersionRow } from './find.ts';
import { toMemoryView, type MemoryView, type OpenVersion } from './views.ts';

export interface ReadMemoryDeps {
  db: Pick<CoreDatabase, 'withOrgRead'>;
  secrets: Pick<SecretBox, 'open'>;
}

/**
 * An entry with its versions.
 * @throws ClancyError `not_found`, also for one that was sealed with a key that the organisation has destroyed.
 */
export async function getMemory(
  deps: ReadMemoryDeps,
  orgId: string,
  memoryId: string,
): Promise<{ row: EntryRow; view: MemoryView }> {
  const { row, versions } = await deps.db.withOrgRead({ orgId }, async (tx) => ({
    row: await findEntry(tx, memoryId),
    versions: await tx.db
      .select()
      .from(memoryVersions)
      .where(and(eq(memoryVersions.orgId, orgId), eq(memoryVersions.memoryId, memoryId)))
      .orderBy(desc(memoryVersions.version)),
  }));
  const view = toMemoryView(row, await openVersions(deps.secrets, orgId, versions));
  if (!view) throw notThere();
  return { row, view };
}

/** What the versions say; those that nobody can read any more are left out. Outside of transactions: keys may be asked for. */
export async function openVersions(
  secrets: Pick<SecretBox, 'open'>,
  orgId: string,
  versions: readonly VersionRow[],
): Promise<OpenVersion[]> {
  const opened = await Promise.all(
    versions.map(async ({ content, ...row }) => {
      const said = await openContent(secrets, orgId, { versionId: row.versionId, content }).catch(unlessShredded);
      return said && { ...row, ...said };
    }),
  );
  return opened.filter((version) => version !== undefined);
}

export function unlessShredded(error: unknown): undefined {
  if (!(error instanceof SealedTextError)) throw error;
}
