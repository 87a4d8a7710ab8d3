import type { Progress } from '../progress.ts';
import { withClient } from './databases.ts';
import type { Postgres } from './postgres.ts';

/** A server that somebody else runs: checked once, otherwise left alone. */
export async function useExisting(url: string, log: Progress): Promise<Postgres> {
  try {
    await withClient(url, (client) => client.query('SELECT 1'));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`DATABASE_URL does not answer: ${reason}`, { cause: error });
  }
  log({ what: 'PostgreSQL of DATABASE_URL answers', state: 'done' });
  const notOurs = (): never => {
    throw new Error('the PostgreSQL of DATABASE_URL is not ours to kill or restart');
  };
  return {
    url,
    pid: undefined,
    child: undefined,
    dataDir: undefined,
    stop: async () => {},
    remove: async () => {},
    kill: notOurs,
    restart: notOurs,
  };
}
