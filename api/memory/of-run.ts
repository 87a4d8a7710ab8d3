import { and, eq, inArray } from 'drizzle-orm';
import { z } from 'zod';
import { MEMORY_KINDS, MEMORY_SCOPES } from '../../contracts/memory.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { memoryEntries } from '../../db/schema/core/memory-entries.ts';
import { memoryVersions } from '../../db/schema/core/memory-versions.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import type { RunRow } from '../runs/find.ts';
import { isPresent, type EntryRow, type VersionRow } from './find.ts';
import { openVersions } from './read.ts';
import { memoryLink } from './views.ts';

const about = {
  memory_id: z.string(),
  version: z.int(),
  link: z.string(),
  /** Null for what was forgotten since. */
  scope: z.enum(MEMORY_SCOPES).nullable(),
  kind: z.enum(MEMORY_KINDS).nullable(),
  key: z.string().nullable(),
};

/** What a run was given to know, and what came of what its skills asked to be remembered. */
export const runMemoryView = z.strictObject({
  used: z.array(z.strictObject(about)),
  written: z.array(
    z.strictObject({ ...about, outcome: z.enum(['created', 'changed', 'confirmed', 'held']), skill_run: z.string() }),
  ),
  /** What was not remembered, and why. */
  refused: z.array(z.strictObject({ skill_run: z.string(), path: z.string(), reason: z.string(), message: z.string() })),
});
export type RunMemoryView = z.infer<typeof runMemoryView>;

export interface MemoriesOfRun {
  run: Pick<RunRow, 'orgId' | 'memoryUsed' | 'memoryWritten'>;
  rows: { entry: EntryRow; version: VersionRow }[];
}

/** The entries that a run names, as far as they are still remembered. */
export async function memoriesOfRun(tx: OrgReadTx, run: MemoriesOfRun['run']): Promise<MemoriesOfRun> {
  const written = (run.memoryWritten ?? []).flatMap((one) => ('id' in one ? one.id : []));
  const ids = [...new Set([...(run.memoryUsed ?? []).map(({ id }) => id), ...written])];
  if (ids.length === 0) return { run, rows: [] };
  const rows = await tx.db
    .select({ entry: memoryEntries, version: memoryVersions })
    .from(memoryEntries)
    .innerJoin(memoryVersions, isPresent)
    .where(and(eq(memoryEntries.orgId, tx.orgId), inArray(memoryEntries.memoryId, ids)));
  return { run, rows };
}

export async function showMemories(secrets: Pick<SecretBox, 'open'>, { run, rows }: MemoriesOfRun): Promise<RunMemoryView> {
  const versions = rows.map(({ version }) => version);
  const said = new Map((await openVersions(secrets, run.orgId, versions)).map((version) => [version.memoryId, version]));
  const known = new Map(rows.map(({ entry }) => [entry.memoryId, entry]));
  const show = ({ id, version }: { id: string; version: number }) => ({
    memory_id: id,
    version,
    link: memoryLink(id),
    scope: known.get(id)?.scope ?? null,
    kind: known.get(id)?.kind ?? null,
    key: said.get(id)?.key ?? null,
  });
  const written = run.memoryWritten ?? [];
  return {
    used: (run.memoryUsed ?? []).map(show),
    written: written.flatMap((one) => ('id' in one ? [{ ...show(one), outcome: one.outcome, skill_run: one.skill_run }] : [])),
    refused: written.flatMap((one) =>
      'message' in one ? [{ skill_run: one.skill_run, path: one.path, reason: one.outcome, message: one.message }] : [],
    ),
  };
}
