import type { Child } from '../processes/spawn-child.ts';
import type { Progress } from '../progress.ts';

export interface PostgresOptions {
  /** Folder for data, log and port of this server; kept from start to start. */
  readonly dir: string;
  /** A real server to use instead of starting one: address of a superuser. */
  readonly databaseUrl?: string | undefined;
  /** See cache.ts. */
  readonly cacheDir: string;
  /** Value of `PATH`. */
  readonly path: string;
  /** False trades crash safety for speed; only for tests that are not about it. Default true. */
  readonly durable?: boolean;
  readonly log: Progress;
}

export interface Postgres {
  /** Address of database `postgres` as a superuser. */
  readonly url: string;
  /** Of the postmaster; undefined for a server that is not ours. */
  readonly pid: number | undefined;
  /** The process itself, to be watched; undefined for a server that is not ours. */
  readonly child: Pick<Child, 'name' | 'logFile' | 'waitForExit'> | undefined;
  readonly dataDir: string | undefined;
  /** Ends our server, keeps its data; does nothing to one that is not ours. */
  stop(): Promise<void>;
  /** As `stop`, and removes the data. */
  remove(): Promise<void>;
  /** For crash tests: signals our server, and starts it again on the same port and data. */
  kill(signal: NodeJS.Signals): void;
  restart(): Promise<void>;
}
