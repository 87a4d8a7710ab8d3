import { and, eq, inArray, isNull, lt, or, sql } from 'drizzle-orm';
import type { EmployeeGraph } from '../../contracts/employee-graph.ts';
import type { Trigger } from '../../contracts/events.ts';
import {
  MAX_WINDOW_BYTES,
  MAX_WINDOW_ENTRIES,
  type MemoryEntry,
  type MemoryWindow,
  type UsedMemory,
} from '../../contracts/memory.ts';
import type { RunPlan } from '../../contracts/run.ts';
import type { OrgReadTx, OrgTx } from '../../db/client.ts';
import { memoryEntries } from '../../db/schema/core/memory-entries.ts';
import { memoryVersions } from '../../db/schema/core/memory-versions.ts';
import { SealedTextError } from '../../platform/secrets/sealed.ts';
import type { SecretBox } from '../../platform/secrets/secret-box.ts';
import { findCandidates, type Found } from './candidates.ts';
import { openContent } from './content.ts';
import { isPresent } from './find.ts';
import { openIndex, type IndexRow } from './index-key.ts';
import { scoreMemory } from './score.ts';
import { MAX_ASKED_STEMS, stemsOf, textsIn, wordsIn } from './stems.ts';

/** More than there is room for, since some are too large for what is left of it. */
const MAX_READ = MAX_WINDOW_ENTRIES + 12;
/** What set the run off says more of what it is about than what its skills are called. */
const MAX_TRIGGER_TEXT = 3_000;
/** An entry is noted as used once a day: runs do not queue up at the rows that all of them are given. */
const USED_MS = 24 * 60 * 60_000;

export interface RecallRequest {
  employeeId: string;
  graph: EmployeeGraph;
  skillGraphs: RunPlan['skill_graphs'];
  trigger: Trigger;
}

export interface Recalled {
  window: MemoryWindow;
  used: UsedMemory[];
}

/**
 * What a run is given to know, in the transaction that accepts it: the most relevant, certain and recent of what the
 * organisation, its employee and its skills remember, within bounds. Undefined where there is nothing.
 *
 * @throws ClancyError `key_service_unavailable`: a skill that goes on from what it remembers must not begin anew instead.
 */
export async function recall(
  tx: OrgReadTx,
  secrets: Pick<SecretBox, 'open'>,
  row: IndexRow,
  request: RecallRequest,
  now: Date,
): Promise<Recalled | undefined> {
  const known = await openIndex(secrets, tx.orgId, row).catch(unlessShredded);
  if (!known) return undefined;
  const [words = []] = await stemsOf(tx, [textOf(request)], MAX_ASKED_STEMS);
  const found = await findCandidates(tx, {
    keyId: known.keyId,
    employeeId: request.employeeId,
    skills: request.graph.nodes.map(({ id }) => id),
    stems: words.map((word) => known.stem(word)),
    keys: countedOn(request).map((key) => known.key(key)),
    now,
  });
  const best = found
    .map((one) => ({ ...one, score: scoreMemory(one, now) }))
    .filter(({ score }) => score >= 0)
    .sort((one, other) => other.score - one.score || (one.memoryId > other.memoryId ? -1 : 1))
    .slice(0, MAX_READ);
  const entries = fitting(await read(tx, secrets, best));
  return entries.length === 0 ? undefined : { window: { entries }, used: entries.map(({ id, version }) => ({ id, version })) };
}

/** What was sealed with a key that the organisation has destroyed is not remembered any more. */
function unlessShredded(error: unknown): undefined {
  if (!(error instanceof SealedTextError)) throw error;
}

function textOf({ trigger, graph }: RecallRequest): string {
  const about = textsIn(trigger.payload).join(' ').slice(0, MAX_TRIGGER_TEXT);
  const skills = graph.nodes.flatMap(({ title, provenance }) => [title, ...(provenance?.sentences ?? [])]);
  return wordsIn([about, ...skills].join(' '));
}

/** Keys without an expression: a skill that has such a one expects to find it again. */
function countedOn({ skillGraphs }: RecallRequest): string[] {
  const keys = Object.values(skillGraphs).flatMap(({ remember = [] }) => remember.map(({ key }) => key));
  return [...new Set(keys.filter((key) => !key.startsWith('=') || key.startsWith('==')))].map((key) =>
    key.startsWith('==') ? key.slice(1) : key,
  );
}

async function read(tx: OrgReadTx, secrets: Pick<SecretBox, 'open'>, best: Found[]): Promise<MemoryEntry[]> {
  if (best.length === 0) return [];
  const ids = best.map(({ memoryId }) => memoryId);
  const rows = await tx.db
    .select({
      memoryId: memoryEntries.memoryId,
      kind: memoryEntries.kind,
      updatedAt: memoryEntries.updatedAt,
      versionId: memoryVersions.versionId,
      content: memoryVersions.content,
    })
    .from(memoryEntries)
    .innerJoin(memoryVersions, isPresent)
    .where(and(eq(memoryEntries.orgId, tx.orgId), inArray(memoryEntries.memoryId, ids)));
  const opened = new Map(
    await Promise.all(
      rows.map(
        async (row) => [row.memoryId, { row, said: await openContent(secrets, tx.orgId, row).catch(unlessShredded) }] as const,
      ),
    ),
  );
  return best.flatMap(({ memoryId, version, scope, skill, confidence }): MemoryEntry[] => {
    const { row, said } = opened.get(memoryId) ?? {};
    if (!row || !said) return [];
    const whose = { scope, ...(skill !== '' && { skill }) };
    return [{ id: memoryId, version, ...whose, kind: row.kind, ...said, confidence, updated_at: row.updatedAt.toISOString() }];
  });
}

/** The best first, as long as there is room. */
function fitting(entries: MemoryEntry[]): MemoryEntry[] {
  let left = MAX_WINDOW_BYTES;
  const fit = entries.filter((entry) => {
    const bytes = Buffer.byteLength(JSON.stringify(entry));
    if (bytes > left) return false;
    left -= bytes;
    return true;
  });
  return fit.slice(0, MAX_WINDOW_ENTRIES);
}

/** Whoever is being changed just now was used another time. */
export async function noteUsed(tx: OrgTx, used: readonly UsedMemory[], now: Date): Promise<void> {
  const before = new Date(now.getTime() - USED_MS);
  const due = tx.db
    .select({ id: memoryEntries.memoryId })
    .from(memoryEntries)
    .where(
      and(
        eq(memoryEntries.orgId, tx.orgId),
        inArray(
          memoryEntries.memoryId,
          used.map(({ id }) => id),
        ),
        or(isNull(memoryEntries.usedAt), lt(memoryEntries.usedAt, before)),
      ),
    )
    .for('update', { skipLocked: true });
  await tx.db
    .update(memoryEntries)
    .set({ usedAt: now })
    .where(and(eq(memoryEntries.orgId, tx.orgId), sql`${memoryEntries.memoryId} in ${due}`))
    .execute();
}
