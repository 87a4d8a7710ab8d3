import pg from 'pg';

/** A query as the owner of the tables, who sees all organisations. */
export async function asOwner(url: string, query: string, values: unknown[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(query, values)).rows;
  } finally {
    await client.end();
  }
}
