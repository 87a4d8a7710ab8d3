import { createHash } from 'node:crypto';
import { z } from 'zod';
import { memoryValueSchema, MEMORY_KINDS, MEMORY_SCOPES } from '../../contracts/memory.ts';
import { MEMORY_WRITERS } from '../../db/schema/core/memory-entries.ts';
import type { Content } from './content.ts';
import type { EntryRow, VersionRow } from './find.ts';

export const memoryIdSchema = z.uuid();

const sourceView = z.strictObject({
  type: z.enum(MEMORY_WRITERS),
  /** The person, or the run. */
  id: z.string(),
  /** Of a run: which visit of which skill, and the graph within it (way of node ids, empty for its own). */
  skill_run: z.string().nullable(),
  path: z.string().nullable(),
});

export const memorySummary = z.strictObject({
  memory_id: memoryIdSchema,
  scope: z.enum(MEMORY_SCOPES),
  employee_id: z.string().nullable(),
  skill: z.string().nullable(),
  kind: z.enum(MEMORY_KINDS),
  key: z.string(),
  value: memoryValueSchema,
  version: z.int(),
  confidence: z.number(),
  /** Who said what it says now. */
  source: sourceView,
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  /** When somebody last said the same. */
  confirmed_at: z.iso.datetime(),
  /** When a run was last given it, to the day. */
  used_at: z.iso.datetime().nullable(),
  expires_at: z.iso.datetime().nullable(),
  links: z.strictObject({ self: z.string() }),
});

export const memoryView = memorySummary.extend({
  /** The newest first; the last twenty are kept. */
  versions: z.array(
    z.strictObject({
      version: z.int(),
      kind: z.enum(MEMORY_KINDS),
      value: memoryValueSchema,
      confidence: z.number(),
      source: sourceView,
      written_at: z.iso.datetime(),
    }),
  ),
});
export type MemoryView = z.infer<typeof memoryView>;

/** A version with what it says. */
export type OpenVersion = Omit<VersionRow, 'content'> & Content;

export function memoryLink(memoryId: string): string {
  return `/v1/memory/${memoryId}`;
}

export function toMemorySummary(row: EntryRow, present: OpenVersion): z.infer<typeof memorySummary> {
  return {
    memory_id: row.memoryId,
    scope: row.scope,
    employee_id: row.owner === '' ? null : row.owner,
    skill: row.skill === '' ? null : row.skill,
    kind: row.kind,
    key: present.key,
    value: present.value,
    version: row.version,
    confidence: row.confidence,
    source: sourceOf(present),
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    confirmed_at: row.confirmedAt.toISOString(),
    used_at: row.usedAt?.toISOString() ?? null,
    expires_at: row.expiresAt?.toISOString() ?? null,
    links: { self: memoryLink(row.memoryId) },
  };
}

export function toMemoryView(row: EntryRow, versions: OpenVersion[]): MemoryView | undefined {
  const present = versions.find(({ version }) => version === row.version);
  if (!present) return undefined;
  return {
    ...toMemorySummary(row, present),
    versions: versions.map((one) => ({
      version: one.version,
      kind: one.kind,
      value: one.value,
      confidence: one.confidence,
      source: sourceOf(one),
      written_at: one.writtenAt.toISOString(),
    })),
  };
}

function sourceOf({ writer, writtenBy, skillRun, path }: OpenVersion) {
  return { type: writer, id: writtenBy, skill_run: skillRun, path };
}

/** Changes with whatever people can correct, and not with its use. */
export function etagOf({ memoryId, version, kind, confidence, expiresAt, writer }: EntryRow): string {
  const shown = JSON.stringify([memoryId, version, kind, confidence, expiresAt?.getTime() ?? null, writer]);
  return `"${createHash('sha256').update(shown).digest('hex').slice(0, 32)}"`;
}
