import type { Client } from 'pg';

/** Every key that a secret of the organisation is sealed with, as its tables have it. */
export async function keysOfRows(owner: Client, orgId: string): Promise<string[]> {
  const { rows } = await owner.query<{ kid: string }>(
    `select distinct split_part(text, '.', 2) as kid from (
       select access_token as text from hub.connections where org_id = $1
       union all select refresh_token from hub.connections where org_id = $1
       union all select code_verifier from hub.oauth_states where org_id = $1
       union all select result #>> '{}' from hub.call_keys where org_id = $1) sealed
     where text is not null`,
    [orgId],
  );
  return rows.map(({ kid }) => kid);
}

export interface DataKey {
  kid: string;
  kek: string;
  retired: boolean;
}

/** The newest first. */
export async function dataKeys(owner: Client, orgId: string): Promise<DataKey[]> {
  const { rows } = await owner.query<DataKey>(
    `select kid, kek, retired_at is not null as retired from hub.data_keys where org_id = $1 order by created_at desc`,
    [orgId],
  );
  return rows;
}

/** What stands in a connection's column. */
export async function tokenOf(owner: Client, connectionId: string): Promise<string> {
  const { rows } = await owner.query<{ access_token: string }>(
    'select access_token from hub.connections where connection_id = $1',
    [connectionId],
  );
  return rows[0]?.access_token ?? '';
}

export async function setToken(owner: Client, connectionId: string, sealed: string): Promise<void> {
  await owner.query('update hub.connections set access_token = $2 where connection_id = $1', [connectionId, sealed]);
}
