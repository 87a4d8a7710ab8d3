import { sql, type SQL } from 'drizzle-orm';
import type { OrgReadTx } from '../../db/client.ts';
import { duties, dutyStems } from '../../db/schema/core/duties.ts';
import { employees } from '../../db/schema/core/employees.ts';
import { scoreDuty, weigh, type KnownStem } from './score.ts';

/** Different stems of a text that are looked for: what comes later says the same again, or something else. */
const MAX_STEMS = 32;
/** A stem of more duties than this tells little about whose a text is, and is not counted further. */
const MANY_DUTIES = 300;
/** Where all stems are common: so many of them are looked at; the rarest is found by counting so far, and gives the duties. */
const MAX_COMMON = 3;
const MAX_OF_COMMON = 600;
/** Duties that are scored. */
const MAX_NEAR = 100;

/** A duty that has words of the text. */
export interface NearDuty {
  employeeId: string;
  name: string;
  nodeId: string;
  title: string;
  /** 0 to 1. */
  score: number;
  /** Stems that it has in common with the text. */
  common: string[];
}

/**
 * Duties of active employees that have words of a text, stemmed, the nearest first. Stems find duties by an index, the rare
 * ones first; `ts_rank_cd` and the share of the text's stems score them.
 */
export async function nearDuties(tx: OrgReadTx, text: string): Promise<NearDuty[]> {
  const stems = await countStems(tx, text);
  const known = stems.filter(({ amount }) => amount > 0).map(({ stem }) => stem);
  if (known.length === 0) return [];
  const rare = stems.filter(({ amount }) => amount > 0 && amount <= MANY_DUTIES).map(({ stem }) => stem);
  const weights = weigh(stems, await countDuties(tx), MANY_DUTIES);
  const found = await rank(
    tx,
    rare.length > 0 ? withMostOf(tx, rare) : await withRarestOf(tx, known.slice(0, MAX_COMMON)),
    known,
  );
  return found
    .map(({ rank: ranked, ...duty }) => ({ ...duty, score: scoreDuty(weights, duty.common, ranked) }))
    .sort((one, other) => other.score - one.score || (one.employeeId < other.employeeId ? -1 : 1));
}

/** In the order of the text, each with how many duties have it. */
async function countStems(tx: OrgReadTx, text: string): Promise<KnownStem[]> {
  const { rows } = await tx.db.execute<{ stem: string; amount: number }>(sql`
    with asked as (
      select lexeme, positions[1] as place from unnest(to_tsvector('english', ${text}))
      where lexeme ~ '^[[:alnum:]_.@/-]{2,60}$' order by place limit ${MAX_STEMS})
    select a.lexeme as stem, counted.amount
    from asked a cross join lateral (
      select count(*)::int as amount from (
        select 1 from ${dutyStems} s where s.org_id = ${tx.orgId} and s.stem = a.lexeme limit ${MANY_DUTIES + 1}) s
    ) counted
    order by a.place`);
  return rows;
}

async function countDuties(tx: OrgReadTx): Promise<number> {
  const { rows } = await tx.db.execute<{ amount: number }>(sql`
    select count(*)::int as amount from (
      select 1 from ${duties} d where d.org_id = ${tx.orgId} limit ${2 * MANY_DUTIES}) d`);
  return rows[0]?.amount ?? 0;
}

interface Ranked extends Omit<NearDuty, 'score'> {
  rank: number;
}

/** Duties that have most of these stems. */
function withMostOf(tx: OrgReadTx, stems: string[]): SQL {
  return sql`
    select s.employee_id, s.node_id, count(*) as hits from ${dutyStems} s
    where s.org_id = ${tx.orgId} and s.stem = any(${sql.param(stems)}::text[])
    group by s.employee_id, s.node_id`;
}

/** Of the duties that have the rarest of some common stems, those that have most of the others. */
async function withRarestOf(tx: OrgReadTx, stems: string[]): Promise<SQL> {
  const { rows } = await tx.db.execute<{ stem: string }>(sql`
    select asked.stem from unnest(${sql.param(stems)}::text[]) asked (stem) cross join lateral (
      select count(*) as amount from (
        select 1 from ${dutyStems} s where s.org_id = ${tx.orgId} and s.stem = asked.stem limit ${MAX_OF_COMMON + 1}) s
    ) counted
    order by counted.amount limit 1`);
  return sql`
    select s.employee_id, s.node_id, (
      select count(*) from ${dutyStems} o where o.org_id = ${tx.orgId} and o.stem = any(${sql.param(stems)}::text[])
        and o.employee_id = s.employee_id and o.node_id = s.node_id) as hits
    from (
      select employee_id, node_id from ${dutyStems} where org_id = ${tx.orgId} and stem = ${rows[0]?.stem ?? ''}
      limit ${MANY_DUTIES}) s`;
}

async function rank(tx: OrgReadTx, near: SQL, known: string[]): Promise<Ranked[]> {
  // The query is made of stems, each in quotes: no word of the text is an operator in it.
  const query = known.map((stem) => `'${stem}'`).join(' | ');
  const { rows } = await tx.db.execute<Ranked & Record<string, unknown>>(sql`
    with near as (
      select * from (${near}) found order by found.hits desc, found.employee_id, found.node_id limit ${MAX_NEAR})
    select d.employee_id as "employeeId", e.name, d.node_id as "nodeId", d.title,
      ts_rank_cd(d.words, ${query}::tsquery, 32) as rank,
      array(select unnest(tsvector_to_array(d.words)) intersect select unnest(${sql.param(known)}::text[])) as common
    from near n
    join ${duties} d on d.org_id = ${tx.orgId} and d.employee_id = n.employee_id and d.node_id = n.node_id
    join ${employees} e on e.org_id = ${tx.orgId} and e.employee_id = d.employee_id and e.status = 'active'`);
  return rows;
}
