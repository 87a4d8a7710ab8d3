import { and, eq, inArray, lte } from 'drizzle-orm';
import { v7 as uuidv7 } from 'uuid';
import type { Json } from '../../contracts/json.ts';
import type { MemoryKind, MemoryScope } from '../../contracts/memory.ts';
import type { OrgTx } from '../../db/client.ts';
import { memoryEntries } from '../../db/schema/core/memory-entries.ts';
import { memoryStems } from '../../db/schema/core/memory-stems.ts';
import { memoryVersions } from '../../db/schema/core/memory-versions.ts';
import type { Seal } from '../../platform/secrets/secret-box.ts';
import { recordFact } from '../facts/record-fact.ts';
import { sealContent } from './content.ts';
import type { EntryRow } from './find.ts';
import type { MemoryIndex } from './index-key.ts';
import { MAX_ENTRY_STEMS, stemsOf, wordsOf } from './stems.ts';

/** Versions of an entry that are kept: what a skill counts on every run must not grow for ever. */
export const MAX_VERSIONS = 20;

/** Where an entry is: its scope, and whose in it. Empty texts where the scope has none. */
export interface Place {
  scope: MemoryScope;
  owner: string;
  skill: string;
}

export interface NewMemory extends Place {
  kind: MemoryKind;
  key: string;
  value: Json;
  confidence: number;
  expiresAt: Date | null;
}

/** Who says so. */
export interface Author {
  writer: 'person' | 'run';
  /** The person's id, or the run's. */
  by: string;
  skillRun?: string;
  path?: string;
  /** Whose run it is. */
  employeeId?: string;
}

export interface Writing {
  index: MemoryIndex;
  seal: Seal;
  now: Date;
}

export interface Written {
  outcome: 'created' | 'changed' | 'confirmed' | 'held';
  id: string;
  version: number;
}

/**
 * Remembers something. What has the same scope and key is the same entry: said again it is confirmed, said otherwise it gets
 * a new version. What a person has said stands against runs, except a skill's own `state`, which is nobody's opinion.
 */
export async function writeMemory(tx: OrgTx, writing: Writing, memory: NewMemory, author: Author): Promise<Written> {
  const keyHash = writing.index.key(memory.key);
  for (;;) {
    const created = await insertEntry(tx, writing, memory, author, keyHash);
    if (created) return created;
    const known = await lockEntry(tx, memory, keyHash);
    // Forgotten by somebody between the two statements.
    if (known) return rewrite(tx, writing, known, memory, author);
  }
}

/** Writes what an entry says now over what it said. The entry must be locked. */
export async function rewrite(tx: OrgTx, writing: Writing, known: EntryRow, memory: NewMemory, author: Author): Promise<Written> {
  const { index, now } = writing;
  const isOver = known.expiresAt !== null && known.expiresAt <= now;
  const isSame = known.valueHash === index.value(memory.value) && known.kind === memory.kind;
  // A person's word is always a version of its own: it shows who said so.
  if (isSame && !isOver && author.writer === 'run') return confirm(tx, known, memory, now);
  const isHeld = author.writer === 'run' && known.writer === 'person' && known.kind !== 'state' && !isOver;
  if (isHeld) return { outcome: 'held', id: known.memoryId, version: known.version };
  const version = known.version + 1;
  await forgetStems(tx, known);
  const stems = await addStems(tx, index, known.memoryId, memory);
  await update(tx, known, {
    version,
    stems,
    kind: memory.kind,
    valueHash: index.value(memory.value),
    confidence: memory.confidence,
    writer: author.writer,
    updatedAt: now,
    confirmedAt: now,
    fadedAt: null,
    expiresAt: memory.expiresAt,
  });
  await insertVersion(tx, writing, { memoryId: known.memoryId, version }, memory, author);
  await tx.db
    .delete(memoryVersions)
    .where(
      and(
        eq(memoryVersions.orgId, tx.orgId),
        eq(memoryVersions.memoryId, known.memoryId),
        lte(memoryVersions.version, version - MAX_VERSIONS),
      ),
    );
  return told(tx, { outcome: 'changed', id: known.memoryId, version }, memory, author);
}

async function confirm(tx: OrgTx, known: EntryRow, memory: NewMemory, now: Date): Promise<Written> {
  await update(tx, known, {
    confidence: Math.max(known.confidence, memory.confidence),
    confirmedAt: now,
    fadedAt: null,
    // What a person has set stays as long as they said.
    ...(known.writer === 'run' && { expiresAt: memory.expiresAt }),
  });
  return { outcome: 'confirmed', id: known.memoryId, version: known.version };
}

async function insertEntry(
  tx: OrgTx,
  writing: Writing,
  memory: NewMemory,
  author: Author,
  keyHash: string,
): Promise<Written | undefined> {
  const { index, now } = writing;
  const { scope, owner, skill, kind, confidence, expiresAt } = memory;
  const memoryId = uuidv7();
  const inserted = await tx.db
    .insert(memoryEntries)
    .values({
      orgId: tx.orgId,
      memoryId,
      keyId: index.keyId,
      scope,
      owner,
      skill,
      kind,
      keyHash,
      confidence,
      expiresAt,
      valueHash: index.value(memory.value),
      stems: [],
      writer: author.writer,
      createdAt: now,
      updatedAt: now,
      confirmedAt: now,
    })
    .onConflictDoNothing()
    .returning({ id: memoryEntries.memoryId });
  if (inserted.length === 0) return undefined;
  const stems = await addStems(tx, index, memoryId, memory);
  await update(tx, { memoryId }, { stems });
  await insertVersion(tx, writing, { memoryId, version: 1 }, memory, author);
  return told(tx, { outcome: 'created', id: memoryId, version: 1 }, memory, author);
}

async function lockEntry(tx: OrgTx, { owner, skill }: Place, keyHash: string): Promise<EntryRow | undefined> {
  const [row] = await tx.db
    .select()
    .from(memoryEntries)
    .where(
      and(
        eq(memoryEntries.orgId, tx.orgId),
        eq(memoryEntries.keyHash, keyHash),
        eq(memoryEntries.owner, owner),
        eq(memoryEntries.skill, skill),
      ),
    )
    .for('update');
  return row;
}

async function insertVersion(
  tx: OrgTx,
  { seal, now }: Writing,
  of: { memoryId: string; version: number },
  { key, value, kind, confidence }: NewMemory,
  { writer, by, skillRun, path }: Author,
): Promise<void> {
  const versionId = uuidv7();
  const content = sealContent(seal, tx.orgId, versionId, { key, value });
  const said = { orgId: tx.orgId, versionId, ...of, kind, content, confidence };
  const from = { writer, writtenBy: by, skillRun: skillRun ?? null, path: path ?? null };
  await tx.db.insert(memoryVersions).values({ ...said, ...from, writtenAt: now });
}

async function addStems(tx: OrgTx, index: MemoryIndex, memoryId: string, memory: NewMemory): Promise<bigint[]> {
  const [words = []] = await stemsOf(tx, [wordsOf(memory.key, memory.value)], MAX_ENTRY_STEMS);
  const stems = [...new Set(words.map((word) => index.stem(word)))];
  const { orgId } = tx;
  if (stems.length > 0) {
    await tx.db.insert(memoryStems).values(stems.map((stem) => ({ orgId, owner: memory.owner, stem, memoryId })));
  }
  return stems;
}

export async function forgetStems(tx: OrgTx, { owner, stems, memoryId }: Pick<EntryRow, 'owner' | 'stems' | 'memoryId'>) {
  if (stems.length === 0) return;
  await tx.db
    .delete(memoryStems)
    .where(
      and(
        eq(memoryStems.orgId, tx.orgId),
        eq(memoryStems.owner, owner),
        inArray(memoryStems.stem, stems),
        eq(memoryStems.memoryId, memoryId),
      ),
    );
}

async function update(
  tx: OrgTx,
  { memoryId }: Pick<EntryRow, 'memoryId'>,
  change: Partial<typeof memoryEntries.$inferInsert>,
): Promise<void> {
  await tx.db
    .update(memoryEntries)
    .set(change)
    .where(and(eq(memoryEntries.orgId, tx.orgId), eq(memoryEntries.memoryId, memoryId)));
}

/** The fact says that something is remembered, and where; what, only memory itself says. */
async function told(
  tx: OrgTx,
  written: Written & { outcome: 'created' | 'changed' },
  { scope, kind }: NewMemory,
  author: Author,
): Promise<Written> {
  await recordFact(tx, {
    kind: 'MemoryWritten',
    ...(author.employeeId !== undefined && { employeeId: author.employeeId }),
    ...(author.writer === 'run' && { runId: author.by }),
    data: { memory_id: written.id, version: written.version, scope, kind, change: written.outcome, writer: author.writer },
  });
  return written;
}
