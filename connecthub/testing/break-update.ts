import { Client } from 'pg';
import { withClient } from '../../dev/postgres/databases.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';

/**
 * Lets `begin` run into an update of an organisation's rows of a table, and ends the connection that the update stands on:
 * to its sender the database is away for a moment.
 */
export async function breakUpdateOf(
  ownerUrl: string,
  rows: { table: 'hub.call_keys' | 'hub.connections'; orgId: string },
  begin: () => Promise<unknown>,
): Promise<void> {
  const owner = new Client({ connectionString: ownerUrl });
  await owner.connect();
  try {
    await owner.query('begin');
    const locked = await owner.query<{ pid: number }>(
      `select pg_backend_pid() as pid from ${rows.table} where org_id = $1 for update`,
      [rows.orgId],
    );
    await begin();
    const isBroken = () =>
      withClient(ownerUrl, async (client) => (await client.query(BREAK, [locked.rows[0]?.pid])).rowCount === 1);
    await waitUntil(isBroken, { timeoutMs: 20_000, everyMs: 50, what: 'an update to stand at the lock' });
  } finally {
    await owner.end(); // which rolls back
  }
}

const BREAK = `
  select pg_terminate_backend(pid) from pg_stat_activity
  where $1 = any (pg_blocking_pids(pid)) and (query like 'update "hub"."%' or query like 'select hub.finish_call%')`;
