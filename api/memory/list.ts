import { and, arrayContains, desc, eq, gt, inArray, isNull, lt, or, sql, type SQL } from 'drizzle-orm';
import { z } from 'zod';
import { memoryKeySchema, MEMORY_KINDS, MEMORY_SCOPES } from '../../contracts/memory.ts';
import { nodeIdSchema } from '../../contracts/skill-graph.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { MEMORY_WRITERS, memoryEntries } from '../../db/schema/core/memory-entries.ts';
import { memoryStems } from '../../db/schema/core/memory-stems.ts';
import { memoryVersions } from '../../db/schema/core/memory-versions.ts';
import { pageQuery, pageSchema, toPage, type Cursors } from '../../platform/http/page.ts';
import { employeeIdSchema } from '../employees/views.ts';
import { isPresent } from './find.ts';
import { findIndexRow, openIndex, type MemoryIndex } from './index-key.ts';
import { openVersions, unlessShredded, type ReadMemoryDeps } from './read.ts';
import { MAX_ASKED_STEMS, stemsOf, wordsIn } from './stems.ts';
import { memorySummary, toMemorySummary } from './views.ts';

export const listMemoryQuery = z.strictObject({
  ...pageQuery,
  /** Words that the entry must have, in any form: `pays` finds `paid`… as far as their stem is the same. */
  q: z.string().min(1).max(400).optional(),
  /** The key, as it is. */
  key: memoryKeySchema.optional(),
  scope: z.enum(MEMORY_SCOPES).optional(),
  employee_id: employeeIdSchema.optional(),
  skill: nodeIdSchema.optional(),
  kind: z.enum(MEMORY_KINDS).optional(),
  source: z.enum(MEMORY_WRITERS).optional(),
});
export const memoryPage = pageSchema(memorySummary);

type Query = z.infer<typeof listMemoryQuery>;

/** Of a word that more entries have than this, so many are looked through. */
const MAX_OF_WORD = 5_000;

/** What the organisation remembers and has not expired, what was written last first. */
export async function listMemory(
  deps: ReadMemoryDeps & { cursors: Cursors; now: () => Date },
  orgId: string,
  query: Query,
): Promise<z.infer<typeof memoryPage>> {
  const list = `memory|${JSON.stringify(filtersOf(query))}`;
  const after = query.cursor === undefined ? undefined : deps.cursors.decode(list, orgId, query.cursor);
  const index = await indexFor(deps, orgId);
  if (!index) return { items: [], next_cursor: null };
  const rows = await deps.db.withOrgRead({ orgId }, async (tx) => {
    const found = await whereFound(tx, index, query);
    if (found === undefined) return [];
    return tx.db
      .select({ entry: memoryEntries, version: memoryVersions })
      .from(memoryEntries)
      .innerJoin(memoryVersions, isPresent)
      .where(
        and(
          eq(memoryEntries.orgId, orgId),
          eq(memoryEntries.keyId, index.keyId),
          or(isNull(memoryEntries.expiresAt), gt(memoryEntries.expiresAt, deps.now())),
          ...found,
          after &&
            or(
              lt(memoryEntries.updatedAt, after.at),
              and(eq(memoryEntries.updatedAt, after.at), lt(memoryEntries.memoryId, after.id)),
            ),
        ),
      )
      .orderBy(desc(memoryEntries.updatedAt), desc(memoryEntries.memoryId))
      .limit(query.limit + 1);
  });
  const page = toPage(rows, query.limit, ({ entry }) =>
    deps.cursors.encode(list, orgId, { at: entry.updatedAt, id: entry.memoryId }),
  );
  const said = await openVersions(
    deps.secrets,
    orgId,
    page.items.map(({ version }) => version),
  );
  const bySaid = new Map(said.map((version) => [version.versionId, version]));
  const items = page.items.flatMap(({ entry, version }) => {
    const open = bySaid.get(version.versionId);
    return open ? [toMemorySummary(entry, open)] : [];
  });
  return { ...page, items };
}

/** Opened outside of the transaction that searches: who waits for a key holds no connection then. */
async function indexFor({ db, secrets }: ReadMemoryDeps, orgId: string): Promise<MemoryIndex | undefined> {
  const row = await db.withOrgRead({ orgId }, findIndexRow);
  return row && openIndex(secrets, orgId, row).catch(unlessShredded);
}

function filtersOf({ limit: _limit, cursor: _cursor, ...filters }: Query) {
  return filters;
}

/** Undefined where nothing can match. */
async function whereFound(tx: OrgReadTx, index: MemoryIndex, query: Query): Promise<SQL[] | undefined> {
  const found: (SQL | undefined)[] = [
    query.scope && eq(memoryEntries.scope, query.scope),
    query.employee_id === undefined ? undefined : eq(memoryEntries.owner, query.employee_id),
    query.skill === undefined ? undefined : eq(memoryEntries.skill, query.skill),
    query.kind && eq(memoryEntries.kind, query.kind),
    query.source && eq(memoryEntries.writer, query.source),
    query.key === undefined ? undefined : eq(memoryEntries.keyHash, index.key(query.key)),
  ];
  if (query.q !== undefined) {
    const [words = []] = await stemsOf(tx, [wordsIn(query.q)], MAX_ASKED_STEMS);
    const stems = [...new Set(words.map((word) => index.stem(word)))];
    const rarest = await rarestOf(tx, stems);
    if (rarest === undefined) return undefined;
    const withIt = tx.db
      .select({ id: memoryStems.memoryId })
      .from(memoryStems)
      .where(and(eq(memoryStems.orgId, tx.orgId), eq(memoryStems.stem, rarest)))
      .limit(MAX_OF_WORD);
    found.push(inArray(memoryEntries.memoryId, withIt), arrayContains(memoryEntries.stems, stems));
  }
  return found.filter((one) => one !== undefined);
}

/** Of stems that must all be there, the one that the fewest entries have; undefined where one has none. */
async function rarestOf(tx: OrgReadTx, stems: readonly bigint[]): Promise<bigint | undefined> {
  const { rows } = await tx.db.execute<{ stem: string; amount: number }>(sql`
    select asked.stem::text, counted.amount from unnest(${sql.param(stems.map(String))}::bigint[]) asked (stem) cross join lateral (
      select count(*)::int as amount from (
        select 1 from ${memoryStems} s where s.org_id = ${tx.orgId} and s.stem = asked.stem limit ${MAX_OF_WORD}) s) counted
    order by counted.amount limit 1`);
  const [rarest] = rows;
  return rarest === undefined || rarest.amount === 0 ? undefined : BigInt(rarest.stem);
}
