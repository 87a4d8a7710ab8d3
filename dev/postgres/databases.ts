import { setTimeout as delay } from 'node:timers/promises';
import { Client, DatabaseError, escapeIdentifier } from 'pg';

const objectInUse = '55006';

/** Runs statements on a connection of their own. */
export async function withClient<T>(url: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: 10_000 });
  client.on('error', () => {}); // a connection lost between statements shows in the next one
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

/** Makes a database, as a copy of `template` where given, and returns its address for the same user. */
export async function createDatabase(url: string, name: string, template?: string): Promise<string> {
  const from = template === undefined ? '' : ` TEMPLATE ${escapeIdentifier(template)}`;
  await withClient(url, (client) => retryWhileInUse(client, `CREATE DATABASE ${escapeIdentifier(name)}${from}`));
  return databaseUrl(url, name);
}

/** Removes a database with all connections to it; fine when it does not exist. */
export async function dropDatabase(url: string, name: string): Promise<void> {
  await withClient(url, (client) => client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`));
}

/** The same server and user, another database. */
export function databaseUrl(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = `/${encodeURIComponent(name)}`;
  return changed.href;
}

/** A template whose last connection is just closing counts as in use for some milliseconds. */
async function retryWhileInUse(client: Client, statement: string, attempts = 40): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    try {
      await client.query(statement);
      return;
    } catch (error) {
      const isInUse = error instanceof DatabaseError && error.code === objectInUse;
      if (!isInUse || attempt === attempts) throw error;
      await delay(50);
    }
  }
}
