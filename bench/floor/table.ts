import type { Client } from 'pg';

/** Where the floor writes its one row; in a schema that the product does not know. */
export const FLOOR_TABLE = 'bench.floor_runs';

export async function makeFloorTable(owner: Pick<Client, 'query'>): Promise<void> {
  await owner.query('create schema bench');
  await owner.query(
    `create table ${FLOOR_TABLE} (text text primary key, ts text not null, at timestamptz not null default now())`,
  );
}
