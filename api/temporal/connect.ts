import { Client, Connection, type ConnectionOptions } from '@temporalio/client';
import type { DataConverter } from '@temporalio/common';
import { traceStarts } from '../../platform/telemetry/temporal-client.ts';
import { checkSearchAttributes } from './search-attributes.ts';

const CONNECT_TIMEOUT_MS = 5_000;

export interface TemporalConnection {
  connection: Connection;
  client: Client;
  namespace: string;
}

/**
 * Connects to Temporal and checks that the namespace is ready for our runs. Once connected, a server that goes away is
 * found again by itself.
 *
 * @throws Error that says what was tried and what to do.
 */
export async function connectTemporal(
  options: ConnectionOptions,
  namespace: string,
  dataConverter: DataConverter,
): Promise<TemporalConnection> {
  const address = options.address ?? 'localhost:7233';
  const connection = await Connection.connect({ ...options, connectTimeout: CONNECT_TIMEOUT_MS }).catch((cause: unknown) => {
    throw new Error(
      `Temporal does not answer at ${address} (tried for ${CONNECT_TIMEOUT_MS / 1_000} s). Start it there, or point ` +
        'TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE and TEMPORAL_TLS to the right one; `npm run dev` brings one up.',
      { cause },
    );
  });
  try {
    await checkSearchAttributes(connection, namespace);
    return { connection, client: clientOf({ connection, namespace, dataConverter }), namespace };
  } catch (error) {
    await connection.close();
    throw error;
  }
}

function clientOf(options: { connection: Connection; namespace: string; dataConverter: DataConverter }): Client {
  return new Client({ ...options, interceptors: { workflow: [traceStarts()] } });
}

/** Rejects when Temporal does not answer. */
export async function pingTemporal({ connection }: Pick<TemporalConnection, 'connection'>): Promise<void> {
  await connection.withDeadline(Date.now() + 1_000, () => connection.workflowService.getSystemInfo({}));
}
