import { Connection } from '@temporalio/client';
import { ensureNamespace } from './namespaces.ts';
import type { Temporal, TemporalOptions } from './temporal.ts';

/** A server that somebody else runs: its namespaces are completed, otherwise it is left alone. */
export async function useExisting(address: string, options: TemporalOptions): Promise<Temporal> {
  const { namespace, namespaces = [] } = options;
  const connection = await connect(address, options);
  try {
    for (const name of new Set([namespace, ...namespaces])) await ensureNamespace(connection, name);
  } finally {
    await connection.close();
  }
  options.log({ what: `Temporal of TEMPORAL_ADDRESS (${address}) answers`, state: 'done' });
  const notOurs = (): never => {
    throw new Error('the Temporal server of TEMPORAL_ADDRESS is not ours to kill or restart');
  };
  return {
    address,
    uiUrl: options.uiUrl,
    namespace,
    dbFile: undefined,
    logFile: undefined,
    pid: undefined,
    child: undefined,
    stop: async () => {},
    kill: notOurs,
    restart: notOurs,
  };
}

async function connect(address: string, { apiKey, tls }: TemporalOptions): Promise<Connection> {
  const access = { ...(apiKey ? { apiKey } : {}), ...(tls ? { tls } : {}) };
  try {
    return await Connection.connect({ address, connectTimeout: '5s', ...access });
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new Error(`TEMPORAL_ADDRESS (${address}) does not answer: ${reason}`, { cause: error });
  }
}
