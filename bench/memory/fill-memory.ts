import { randomInt } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { sealContent } from '../../api/memory/content.ts';
import type { MemoryIndex } from '../../api/memory/index-key.ts';
import { withClient } from '../../dev/postgres/databases.ts';
import type { Seal } from '../../platform/secrets/secret-box.ts';

/** Entries of one statement. */
const CHUNK = 20_000;
const STEMS_EACH = 10;
const EMPLOYEES = 200;
const DAYS = 365;

export interface Filled {
  readonly entries: number;
  readonly stems: number;
  readonly seconds: number;
  /** On disk, with indexes. */
  readonly bytes: number;
}

/**
 * Words as they occur in language: the nth is about n times as rare as the first (Zipf), so that some are in a large share
 * of all entries, and most in a few.
 */
export function vocabulary(words: number): { word: (n: number) => string; pick: () => number } {
  const sums: number[] = [];
  for (let n = 0, sum = 0; n < words; n += 1) sums.push((sum += 1 / (n + 1)));
  const total = sums.at(-1) ?? 1;
  const pick = (): number => {
    const wanted = (randomInt(2 ** 32) / 2 ** 32) * total;
    let [low, high] = [0, sums.length - 1];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((sums[middle] ?? 0) < wanted) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  // Letters alone: a stem that the stemmer leaves as it is.
  const word = (n: number): string => `w${[...n.toString(16)].map((digit) => 'bcdfghjklmnpqrtv'[parseInt(digit, 16)]).join('')}`;
  return { word, pick };
}

/** Fills one organisation's memory as its runs would have: half of it everybody's, the rest of its employees. */
export async function fillMemory(
  ownerUrl: string,
  about: { orgId: string; index: MemoryIndex; seal: Seal; employees: readonly string[] },
  amount: number,
  { word, pick }: ReturnType<typeof vocabulary>,
  onChunk: (entries: number) => void,
): Promise<Filled> {
  const beganMs = performance.now();
  const { orgId, index, seal } = about;
  const stemOf = new Map<number, string>();
  const stem = (n: number): string => {
    const known = stemOf.get(n) ?? String(index.stem(word(n)));
    stemOf.set(n, known);
    return known;
  };
  return withClient(ownerUrl, async (owner) => {
    await owner.query('set session_replication_role = replica');
    await owner.query('alter table core.memory_stems drop constraint memory_stems_org_id_stem_owner_memory_id_pk');
    for (let from = 0; from < amount; from += CHUNK) {
      const rows = Array.from({ length: Math.min(CHUNK, amount - from) }, (_, n) => {
        const memoryId = uuidv7();
        const words = new Set(Array.from({ length: STEMS_EACH }, pick));
        const key = `note.${from + n}`;
        const value = [...words].map(word).join(' ');
        return {
          memory_id: memoryId,
          owner: n % 2 === 0 ? '' : about.employees[randomInt(EMPLOYEES)],
          key_hash: index.key(key),
          value_hash: index.value(value),
          stems: [...words].map(stem),
          content: sealContent(seal, orgId, memoryId, { key, value }),
          age: randomInt(DAYS),
          confidence: 0.5 + randomInt(50) / 100,
        };
      });
      await owner.query(ENTRIES, [orgId, index.keyId, JSON.stringify(rows)]);
      onChunk(from + rows.length);
    }
    await owner.query(`insert into core.memory_stems (org_id, owner, stem, memory_id)
      select org_id, owner, unnest(stems), memory_id from core.memory_entries`);
    await owner.query(`alter table core.memory_stems add constraint memory_stems_org_id_stem_owner_memory_id_pk
      primary key (org_id, stem, owner, memory_id)`);
    await owner.query('vacuum (analyze) core.memory_entries, core.memory_versions, core.memory_stems');
    await owner.query('checkpoint');
    const { rows } = await owner.query<{ stems: string; bytes: string }>(`
      select (select count(*) from core.memory_stems) as stems, sum(pg_total_relation_size(t)) as bytes
      from unnest(array['core.memory_entries', 'core.memory_versions', 'core.memory_stems']::regclass[]) t`);
    const seconds = (performance.now() - beganMs) / 1_000;
    return { entries: amount, stems: Number(rows[0]?.stems), seconds, bytes: Number(rows[0]?.bytes) };
  });
}

const ENTRIES = `
  with rows as materialized (
    select * from jsonb_to_recordset($3::jsonb) as r(memory_id uuid, owner text, key_hash text, value_hash text, stems bigint[],
      content text, age int, confidence float8)
  ), entries as (
    insert into core.memory_entries (org_id, memory_id, key_id, scope, owner, skill, kind, key_hash, value_hash, stems, confidence,
      writer, created_at, updated_at, confirmed_at)
    select $1, memory_id, $2, case owner when '' then 'organisation' else 'employee' end, owner, '', 'fact', key_hash, value_hash,
      stems, confidence, 'run', at, at, at
    from (select *, now() - make_interval(days => age) as at from rows) r
  )
  insert into core.memory_versions (org_id, version_id, memory_id, version, kind, content, confidence, writer, written_by, written_at)
  select $1, memory_id, memory_id, 1, 'fact', content, confidence, 'run', 'bench', now() - make_interval(days => age) from rows`;
