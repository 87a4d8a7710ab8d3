import { and, asc, desc, eq, gt, gte, inArray, lt, lte } from 'drizzle-orm';
import { FACT_KINDS, type Fact, type FactKind } from '../../contracts/facts.ts';
import type { OrgReadTx } from '../../db/client.ts';
import { facts } from '../../db/schema/core/facts.ts';

export type FactRow = typeof facts.$inferSelect;

/** Which facts somebody wants. */
export interface FactFilter {
  kinds?: readonly FactKind[] | undefined;
  employeeId?: string | undefined;
  runId?: string | undefined;
  /** Not before this instant. */
  since?: Date | undefined;
}

/** Numbers of the stream: behind `after`, up to `upTo`; `before` for reading backwards. */
export interface FactRange {
  after?: number | undefined;
  upTo?: number | undefined;
  before?: number | undefined;
  order?: 'asc' | 'desc';
  limit: number;
}

/** Facts of the organisation in the order of its stream, or against it. */
export async function readFacts(tx: OrgReadTx, filter: FactFilter, range: FactRange): Promise<FactRow[]> {
  const { kinds, employeeId, runId, since } = filter;
  const { after, upTo, before, order = 'asc', limit } = range;
  return tx.db
    .select()
    .from(facts)
    .where(
      and(
        eq(facts.orgId, tx.orgId),
        kinds && inArray(facts.kind, [...kinds]),
        employeeId === undefined ? undefined : eq(facts.employeeId, employeeId),
        runId === undefined ? undefined : eq(facts.runId, runId),
        since && gte(facts.at, since),
        after === undefined ? undefined : gt(facts.seq, after),
        upTo === undefined ? undefined : lte(facts.seq, upTo),
        before === undefined ? undefined : lt(facts.seq, before),
      ),
    )
    .orderBy(order === 'asc' ? asc(facts.seq) : desc(facts.seq))
    .limit(limit);
}

/** The last number of the organisation's stream; 0 while it is empty. */
export async function readHead(tx: OrgReadTx): Promise<number> {
  const [row] = await tx.db
    .select({ seq: facts.seq })
    .from(facts)
    .where(eq(facts.orgId, tx.orgId))
    .orderBy(desc(facts.seq))
    .limit(1);
  return row?.seq ?? 0;
}

export function toFact(row: FactRow): Fact {
  return {
    seq: row.seq,
    fact_id: row.factId,
    kind: row.kind,
    schema_version: row.schemaVersion,
    employee_id: row.employeeId,
    run_id: row.runId,
    data: row.data,
    at: row.at.toISOString(),
  };
}

export function isFactKind(kind: string): kind is FactKind {
  return FACT_KINDS.some((known) => known === kind);
}
