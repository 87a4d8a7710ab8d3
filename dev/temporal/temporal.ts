import type { ConnectionOptions } from '@temporalio/client';
import type { Child } from '../processes/spawn-child.ts';
import type { Progress } from '../progress.ts';

export interface TemporalOptions {
  /** Folder for database file, log and ports of this server; kept from start to start. */
  readonly dir: string;
  /** A real server to use instead of starting one, `host:port`. */
  readonly address?: string | undefined;
  /** How to reach the real server, from `@temporalio/envconfig`. */
  readonly apiKey?: string | undefined;
  readonly tls?: ConnectionOptions['tls'] | undefined;
  /** Where people find the real server's Web UI. */
  readonly uiUrl?: string | undefined;
  readonly namespace: string;
  /** Made too, with the same search attributes. */
  readonly namespaces?: readonly string[];
  /** A port of the caller's choice; otherwise a free one, kept from start to start. */
  readonly port?: number;
  readonly uiPort?: number;
  /** A Temporal CLI to use (CLANCY_TEMPORAL_CLI); nothing else is tried then. */
  readonly cli?: string | undefined;
  /** See cache.ts. */
  readonly cacheDir: string;
  /** Environment for finding and building the CLI: `PATH`, `HOME`, `GO*`, proxies. The server gets none of it. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly log: Progress;
}

export interface Temporal {
  /** Of the gRPC frontend, `127.0.0.1:port`. */
  readonly address: string;
  readonly uiUrl: string | undefined;
  readonly namespace: string;
  /** SQLite file with everything the server knows; undefined when the server is not ours. */
  readonly dbFile: string | undefined;
  readonly logFile: string | undefined;
  readonly pid: number | undefined;
  /** The process itself, to be watched; undefined when the server is not ours. */
  readonly child: Pick<Child, 'name' | 'logFile' | 'waitForExit'> | undefined;
  /** Ends our server, keeps its data; does nothing to one that is not ours. */
  stop(): Promise<void>;
  /** Signals our server without waiting; `restart` brings it back with its state at the same ports. */
  kill(signal: NodeJS.Signals): void;
  restart(): Promise<void>;
}
