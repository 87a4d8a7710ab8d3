import { sql, type SQL } from 'drizzle-orm';
import type { CoreDatabase, OrgTx } from '../../db/client.ts';
import { memoryEntries } from '../../db/schema/core/memory-entries.ts';
import { memoryKeys } from '../../db/schema/core/memory-keys.ts';
import { memoryStems } from '../../db/schema/core/memory-stems.ts';
import { systemScope } from '../http/scope.ts';

/** Rows of one transaction: it holds them for a moment only. */
const BATCH = 2_000;
/** What no run was given for so long, and nobody said again, is less and less sure. */
const UNUSED_DAYS = 60;
/** So often, and by so much; below a tenth it is not recalled any more (`score.ts`). */
const FADE_EVERY_DAYS = 30;
const FADE_TO = 0.8;
/** Changes that were committed late are looked at with the next. */
const OVERLAP_HOURS = 1;

export interface Consolidated {
  /** Removed because their time was over. */
  expired: number;
  /** Removed because their index was destroyed with the organisation's key. */
  lost: number;
  /** Removed because what is known more widely says the same. */
  merged: number;
  /** Made less sure. */
  faded: number;
}

/**
 * Puts an organisation's memory in order, in transactions of bounded size. May be broken off, repeated, and done by two at
 * once: each row is changed once, and one that somebody is changing is left for the next time.
 *
 * @returns false when `isOver` said so before all was done: the next time goes on.
 */
export async function consolidate(
  db: Pick<CoreDatabase, 'withOrg'>,
  orgId: string,
  now: Date,
  isOver: () => boolean,
  onDone: (done: Consolidated) => void = () => undefined,
): Promise<boolean> {
  const total: Consolidated = { expired: 0, lost: 0, merged: 0, faded: 0 };
  const steps: readonly [keyof Consolidated, (tx: OrgTx, now: Date) => SQL][] = [
    ['expired', expired],
    ['lost', lost],
    ['merged', merged],
    ['faded', faded],
  ];
  for (const [what, statementOf] of steps) {
    for (let changed = BATCH; changed === BATCH;) {
      if (isOver()) return false;
      changed = await db.withOrg(systemScope(orgId, 'memory'), (tx) => step(tx, what, statementOf(tx, now)));
      total[what] += changed;
    }
  }
  await db.withOrg(systemScope(orgId, 'memory'), (tx) => noteDone(tx, now));
  onDone(total);
  return true;
}

async function step(tx: OrgTx, what: keyof Consolidated, query: SQL): Promise<number> {
  const { rows } = await tx.db.execute<{ changed: number }>(query);
  const changed = rows[0]?.changed ?? 0;
  if (changed > 0) {
    tx.audit({ action: 'memory.consolidate', objectType: 'memory', objectId: what, allowed: true, details: { [what]: changed } });
  }
  return changed;
}

/** Where nothing was written since, nothing is noted: a quiet organisation gets no audit row a day. */
async function noteDone(tx: OrgTx, now: Date): Promise<void> {
  const { rowCount } = await tx.db.execute(sql`
    update ${memoryKeys} k set consolidated_at = ${now.toISOString()}::timestamptz where k.org_id = ${tx.orgId}
      and exists (select from ${memoryEntries} e where e.org_id = k.org_id
        and e.updated_at > coalesce(k.consolidated_at, '-infinity'::timestamptz))`);
  if (rowCount) tx.audit({ action: 'memory.consolidate', objectType: 'memory', objectId: 'all', allowed: true });
}

/** Removes these entries; their versions go with them. */
function remove(tx: OrgTx, doomed: SQL, before: SQL = sql``): SQL {
  return sql`
    with doomed as materialized (${doomed}), ${before}
    gone as (
      delete from ${memoryEntries} e using doomed d where e.org_id = ${tx.orgId} and e.memory_id = d.memory_id
      returning e.memory_id, e.owner, e.stems),
    forgotten as (
      delete from ${memoryStems} s using (select memory_id, owner, unnest(stems) as stem from gone) g
      where s.org_id = ${tx.orgId} and s.stem = g.stem and s.owner = g.owner and s.memory_id = g.memory_id)
    select count(*)::int as changed from gone`;
}

function expired(tx: OrgTx, now: Date): SQL {
  return remove(
    tx,
    sql`select memory_id from ${memoryEntries} where org_id = ${tx.orgId} and expires_at <= ${now.toISOString()}::timestamptz
      limit ${BATCH} for update skip locked`,
  );
}

/** Entries of an earlier index are older than the present one, and both carry their time first (UUIDv7). */
function lost(tx: OrgTx): SQL {
  return remove(
    tx,
    sql`select e.memory_id from ${memoryEntries} e join ${memoryKeys} k on k.org_id = e.org_id
      where e.org_id = ${tx.orgId} and e.memory_id < k.key_id and e.key_id <> k.key_id limit ${BATCH} for update of e skip locked`,
  );
}

/**
 * What a skill or an employee knows under the same key and with the same value as its employee or everybody: the wider one
 * stays, as sure as the surer of both. A person's entry stays what it is, and so does what a skill goes on from.
 */
function merged(tx: OrgTx): SQL {
  return remove(
    tx,
    sql`select n.memory_id, w.memory_id as wider, n.confidence, n.confirmed_at
      from ${memoryKeys} k
      join ${memoryEntries} w on w.org_id = k.org_id
      join ${memoryEntries} n on n.org_id = k.org_id and n.key_hash = w.key_hash and n.value_hash = w.value_hash
        and n.kind = w.kind and n.memory_id <> w.memory_id
      where k.org_id = ${tx.orgId} and n.writer = 'run' and n.kind <> 'state'
        and (w.owner = '' and n.owner <> '' or w.owner = n.owner and w.skill = '' and n.skill <> '')
        and (w.expires_at is null or w.expires_at >= n.expires_at)
        and greatest(w.updated_at, n.updated_at) > coalesce(k.consolidated_at, '-infinity'::timestamptz)
          - make_interval(hours => ${OVERLAP_HOURS})
      limit ${BATCH} for update of w, n skip locked`,
    sql`surer as (
      update ${memoryEntries} w set confidence = greatest(w.confidence, d.confidence),
        confirmed_at = greatest(w.confirmed_at, d.confirmed_at)
      from (select wider, max(confidence) as confidence, max(confirmed_at) as confirmed_at from doomed group by wider) d
      where w.org_id = ${tx.orgId} and w.memory_id = d.wider and w.memory_id not in (select memory_id from doomed)),`,
  );
}

function faded(tx: OrgTx, now: Date): SQL {
  const ago = (days: number): string => new Date(now.getTime() - days * 24 * 60 * 60_000).toISOString();
  return sql`
    with dull as materialized (
      select memory_id from ${memoryEntries}
      where org_id = ${tx.orgId} and writer = 'run' and kind <> 'state' and confidence > 0.05
        and updated_at < ${ago(UNUSED_DAYS)}::timestamptz and confirmed_at < ${ago(UNUSED_DAYS)}::timestamptz
        and (used_at is null or used_at < ${ago(UNUSED_DAYS)}::timestamptz)
        and (faded_at is null or faded_at < ${ago(FADE_EVERY_DAYS)}::timestamptz)
      limit ${BATCH} for update skip locked),
    changed as (
      update ${memoryEntries} e set confidence = e.confidence * ${FADE_TO}::float8, faded_at = ${now.toISOString()}::timestamptz
      from dull d where e.org_id = ${tx.orgId} and e.memory_id = d.memory_id returning 1)
    select count(*)::int as changed from changed`;
}
