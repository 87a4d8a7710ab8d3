import type { Postgres, PostgresOptions } from './postgres.ts';
import { startOwn } from './start-own.ts';
import { useExisting } from './use-existing.ts';

/**
 * Gives a PostgreSQL: the one of `databaseUrl`, else a server of our own, from npm or from the `PATH`.
 * @throws Error that says what was tried and what to do
 * @throws FolderInUseError when another living process uses `dir`
 */
export function startPostgres(options: PostgresOptions): Promise<Postgres> {
  return options.databaseUrl ? useExisting(options.databaseUrl, options.log) : startOwn(options);
}
