import type { Client } from 'pg';
import { withClient } from '../../dev/postgres/databases.ts';

export interface HistorySize {
  /** Each with its entry of the ledger. */
  readonly receipts: number;
  readonly connections: number;
}

export interface FilledHistory extends HistorySize {
  readonly seconds: number;
  /** Of a receipt and its entry of the ledger on disk, with their indexes. */
  readonly bytes_each: number;
}

/** Of one statement: what its rows take while they are made must fit. */
const CHUNK = 250_000;
const CALLS_OF_A_RUN = 50;
const DAYS = 365;
/** Organisations that only have a history, beside those whose calls are measured. */
const MORE_ORGANISATIONS = 92;

/**
 * Writes a year of calls into the database, of the given organisations and more, as the calls themselves would have left it:
 * receipts in the partitions of their months, entries of the ledger with ids, digests and sealed results of the usual length.
 */
export async function fillHistory(
  ownerUrl: string,
  size: HistorySize,
  orgIds: readonly string[],
  onChunk: (receipts: number) => void,
): Promise<FilledHistory> {
  const beganMs = performance.now();
  return withClient(ownerUrl, async (owner) => {
    const before = await bytesOf(owner);
    // What is written is consistent: nothing of it needs to be looked up, row by row.
    await owner.query(`set session_replication_role = replica`);
    await makePastMonths(owner);
    const orgs = [...orgIds, ...Array.from({ length: MORE_ORGANISATIONS }, (_, n) => `org_bench${String(n).padStart(23, '0')}`)];
    await owner.query(CONNECTIONS, [orgs, size.connections]);
    for (let from = 0; from < size.receipts; from += CHUNK) {
      const to = Math.min(from + CHUNK, size.receipts);
      await owner.query(CALLS, [orgs, size.connections, from, to, size.receipts, DAYS]);
      onChunk(to);
    }
    // What autovacuum does in its time, and what would otherwise be written out while the calls are measured.
    await owner.query('vacuum (analyze) hub.call_keys, hub.receipts, hub.connections');
    await owner.query('checkpoint');
    const bytes_each = size.receipts === 0 ? 0 : ((await bytesOf(owner)) - before) / size.receipts;
    return { ...size, seconds: (performance.now() - beganMs) / 1_000, bytes_each };
  });
}

/** An installation that is a year old has them: months are made ahead. */
async function makePastMonths(owner: Client): Promise<void> {
  await owner.query(`
    do $$
    declare
      first date;
    begin
      perform set_config('timezone', 'UTC', true);
      for ago in 1..13 loop
        first := (date_trunc('month', now()) - make_interval(months => ago))::date;
        execute format('create table hub.%I partition of hub.receipts for values from (%L) to (%L)',
          'receipts_' || to_char(first, 'YYYY_MM'), first::timestamptz, (first + interval '1 month')::timestamptz);
        perform app.isolate(format('hub.%I', 'receipts_' || to_char(first, 'YYYY_MM'))::regclass);
      end loop;
    end
    $$`);
}

const CONNECTIONS = `
  insert into hub.connections (org_id, connection_id, provider, account_id, account_name, access_token, connected_by)
  select ($1::text[])[1 + c % cardinality($1::text[])], 'conn_bench' || lpad(c::text, 21, '0'), 'slack', 'TBENCH' || c,
    'Bench ' || c, repeat(md5(c::text), 7), 'user_bench'
  from generate_series(0, $2::int - 1) c`;

/** Runs of fifty calls, one after the other through the year, each of one connection. */
const CALLS = `
  with made as (
    select run, n, ($1::text[])[1 + connection % cardinality($1::text[])] as org_id,
      'conn_bench' || lpad(connection::text, 21, '0') as connection_id, '0' || left(md5(run::text), 25) as employee_id,
      (now() - make_interval(days => $6::int) * (1 - call::float8 / $5::int))::timestamptz(3) as created_at,
      to_char((now() - make_interval(days => $6::int) * (1 - run * ${CALLS_OF_A_RUN} / $5::float8)) at time zone 'UTC',
        'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') as at
    from (
      select call, call / ${CALLS_OF_A_RUN} as run, call % ${CALLS_OF_A_RUN} + 1 as n,
        (call / ${CALLS_OF_A_RUN}) % $2::int as connection
      from generate_series($3::int, $4::int - 1) call
    ) calls
  ), named as materialized (
    select *, 'emp:' || employee_id || '_v1:' || at as run_id,
      'emp:' || employee_id || '_v1:' || at || ':skill:post:call:' || n as call_id,
      md5(run || ' ' || n) || md5(n || ' ' || run) as digest
    from made
  ), keys as (
    insert into hub.call_keys (org_id, call_id, digest, capability, capability_version, connection_id, employee_id, run_id, risk,
      idempotency, state, owner, deadline, native_key, result, provider_effect_id, created_at, updated_at, reserved_on)
    select org_id, call_id, digest, 'slack/slack.post', 1, connection_id, employee_id, run_id, 'write', 'lookup', 'succeeded',
      'connecthub-bench', created_at + interval '30 seconds', left(digest, 32), to_jsonb(repeat(digest, 3)),
      'C000000000/' || extract(epoch from created_at), created_at, created_at, created_at::date
    from named
  )
  insert into hub.receipts (org_id, call_id, created_at, updated_at, run_id, employee_id, employee_version, initiator_type,
    initiator_id, connection_id, capability, capability_version, digest, parameters_summary, provider_effect_id, attempts,
    outcome, latency_ms)
  select org_id, call_id, created_at, created_at, run_id, employee_id, 1, 'person', 'user_bench', connection_id,
    'slack/slack.post', 1, digest, 'channel: #bench, text: a message of the bench', 'C000000000/' || extract(epoch from created_at),
    jsonb_build_array(jsonb_build_object('at', created_at, 'outcome', 'succeeded', 'latency_ms', 120)), 'succeeded', 120
  from named`;

async function bytesOf(owner: Client): Promise<number> {
  const { rows } = await owner.query<{ bytes: string }>(
    `select sum(pg_total_relation_size(relid)) as bytes from (
       select relid from pg_partition_tree('hub.receipts') union all select relid from pg_partition_tree('hub.call_keys')) both_tables`,
  );
  return Number(rows[0]?.bytes ?? 0);
}
