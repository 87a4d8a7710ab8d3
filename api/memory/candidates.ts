import { sql, type SQL } from 'drizzle-orm';
import type { OrgReadTx } from '../../db/client.ts';
import { memoryEntries } from '../../db/schema/core/memory-entries.ts';
import { memoryStems } from '../../db/schema/core/memory-stems.ts';
import type { MemoryScope } from '../../contracts/memory.ts';
import type { Candidate } from './score.ts';

/** Of entries that have a stem, so many of the newest are looked at; a stem of more than that tells little. */
const PER_STEM = 100;
/** Entries that are scored: those with most of the text's rare stems, and the newest whatever they say. */
const MAX_NEAR = 80;
const MAX_RECENT = 24;

export interface Asked {
  /** Of the index: what was found by an earlier one is lost. */
  keyId: string;
  employeeId: string;
  /** Skills of the run, by node. */
  skills: string[];
  stems: bigint[];
  /** Hashes of the keys that its skills count on. */
  keys: string[];
  now: Date;
}

export interface Found extends Candidate {
  memoryId: string;
  version: number;
  skill: string;
}

/**
 * Entries that a run may be given: of the organisation, of its employee and of its own skills. Stems find them by the primary
 * key of `memory_stems`, the newest first; `count` up to a limit says how telling a stem is.
 */
export async function findCandidates(tx: OrgReadTx, asked: Asked): Promise<Found[]> {
  const { rows } = await tx.db.execute<Row>(candidatesQuery(tx.orgId, asked));
  return rows.map((row) => ({ ...row, confirmedAt: new Date(row.confirmedAt) }));
}

/** Apart, so that its plan can be looked at (`npm run bench:memory`). */
export function candidatesQuery(orgId: string, asked: Asked): SQL {
  const { keyId, employeeId, skills, stems, keys, now } = asked;
  return sql`
    with asked as (
      select a.stem, o.owner from unnest(${sql.param(stems.map(String))}::bigint[]) a (stem), (values (''), (${employeeId})) o (owner)),
    hits as materialized (
      select asked.stem, s.memory_id, count(*) over (partition by asked.stem, asked.owner) as amount
      from asked cross join lateral (
        select memory_id from ${memoryStems} s
        where s.org_id = ${orgId} and s.owner = asked.owner and s.stem = asked.stem
        order by s.memory_id desc limit ${PER_STEM}) s),
    weights as materialized (select stem, 1 / (1 + ln(max(amount))) as weight from hits group by stem),
    near as (
      select h.memory_id, sum(w.weight) as weight from hits h join weights w using (stem)
      group by h.memory_id order by 2 desc, 1 desc limit ${MAX_NEAR}),
    recent as (
      select r.memory_id from (values ('')) o (owner) cross join lateral (
        select memory_id from ${memoryEntries} where org_id = ${orgId} and owner = o.owner and skill = ''
        order by updated_at desc limit ${MAX_RECENT}) r
      union all
      select r.memory_id from unnest(array['']::text[] || ${sql.param(skills)}::text[]) o (skill) cross join lateral (
        select memory_id from ${memoryEntries} where org_id = ${orgId} and owner = ${employeeId} and skill = o.skill
        order by updated_at desc limit ${MAX_RECENT}) r),
    pinned as (
      select memory_id from ${memoryEntries}
      where org_id = ${orgId} and key_hash = any(${sql.param(keys)}::text[]) and owner in ('', ${employeeId})),
    found as (select memory_id from near union select memory_id from recent union select memory_id from pinned)
    select e.memory_id as "memoryId", e.version, e.scope, e.skill, e.confidence, e.confirmed_at as "confirmedAt",
      e.memory_id in (select memory_id from pinned) as "isPinned",
      coalesce((select sum(w.weight) from weights w where w.stem = any(e.stems)) / (select sum(weight) from weights), 0)::float8
        as relevance
    from found f join ${memoryEntries} e on e.org_id = ${orgId} and e.memory_id = f.memory_id
    where e.key_id = ${keyId} and e.owner in ('', ${employeeId}) and (e.skill = '' or e.skill = any(${sql.param(skills)}::text[]))
      and (e.expires_at is null or e.expires_at > ${now.toISOString()}::timestamptz)`;
}

type Row = {
  memoryId: string;
  version: number;
  scope: MemoryScope;
  skill: string;
  confidence: number;
  confirmedAt: string | Date;
  isPinned: boolean;
  relevance: number;
};
