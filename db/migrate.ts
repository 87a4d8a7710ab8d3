import { fileURLToPath } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as runMigrations } from 'drizzle-orm/node-postgres/migrator';
import { Client, DatabaseError } from 'pg';
import { installOrgContextKey } from './org-context-keys.ts';
import type { OrgContextKeyOptions } from './org-context-keys.ts';
import { MigrationError, ensureRoles } from './roles.ts';
import type { RolePasswords } from './roles.ts';

export { MigrationError } from './roles.ts';

const MIGRATIONS_FOLDER = fileURLToPath(new URL('migrations', import.meta.url));
/** The oldest version that the tests run on. */
const OLDEST_SERVER = 150_000;
const RECEIPT_MONTHS_AHEAD = 12;
const CONNECT_TIMEOUT_MS = 10_000;

export interface MigrateOptions extends RolePasswords, OrgContextKeyOptions {
  /** Address of the database as its owner: a superuser, or an owner with CREATEROLE (docs/database.md). */
  readonly ownerUrl: string;
}

/**
 * Brings a database up to date: roles and their passwords, migrations, the key of the organisation context, partitions
 * for the coming months. Repeats are harmless, and concurrent ones wait for each other.
 *
 * @throws MigrationError when the server cannot be reached, is too old, or refuses a right that is needed
 */
export async function migrate(options: MigrateOptions): Promise<void> {
  const client = await connect(options.ownerUrl);
  try {
    await refuseOldServer(client);
    // Held until the connection ends.
    await client.query(`SELECT pg_advisory_lock(hashtextextended('clancy.migrate', 0))`);
    await ensureRoles(client, options);
    await runMigrations(drizzle(client), {
      migrationsFolder: MIGRATIONS_FOLDER,
      migrationsSchema: 'app',
      migrationsTable: 'migrations',
    });
    await installOrgContextKey(client, options);
    await client.query('SELECT hub.make_receipt_partitions($1)', [RECEIPT_MONTHS_AHEAD]);
  } catch (error) {
    throw explain(error);
  } finally {
    await client.end();
  }
}

async function connect(url: string): Promise<Client> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: CONNECT_TIMEOUT_MS });
  // A connection lost between two statements shows in the next one.
  client.on('error', () => {});
  try {
    await client.connect();
    return client;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new MigrationError(
      `no connection to ${client.host}:${client.port} as ${client.user ?? 'nobody'}: ${reason}. Check DATABASE_URL and the server.`,
      error,
    );
  }
}

/** The one refusal that the operator, not the developer, has to mend. */
function explain(error: unknown): unknown {
  if (error instanceof MigrationError) return error;
  const cause = error instanceof Error && error.cause instanceof DatabaseError ? error.cause : error;
  if (!(cause instanceof DatabaseError) || cause.code !== '42501') return error;
  return new MigrationError(`${cause.message}. The user of DATABASE_URL must own the database.`, error);
}

async function refuseOldServer(client: Client): Promise<void> {
  const { rows } = await client.query<{ version: number; name: string }>(
    `SELECT current_setting('server_version_num')::int AS version, current_setting('server_version') AS name`,
  );
  const server = rows[0];
  if (server && server.version < OLDEST_SERVER) {
    throw new MigrationError(`PostgreSQL ${server.name} is too old: version 15 or newer is needed.`);
  }
}
