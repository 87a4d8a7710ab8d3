import { Client, Connection } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import type { EmployeeRunInput } from '../../contracts/run.ts';

/** Reads the input of a run out of Temporal's history, ticket included: as anybody can who reaches Temporal. */
export async function copyInput(client: Client, runId: string): Promise<EmployeeRunInput> {
  const { events } = await client.workflow.getHandle(runId).fetchHistory();
  const payload = events?.[0]?.workflowExecutionStartedEventAttributes?.input?.payloads?.[0];
  if (!payload) throw new Error(`the history of ${runId} has no input`);
  return defaultPayloadConverter.fromPayload<EmployeeRunInput>(payload);
}

/** The same over a connection of its own. */
export async function openInput(
  { address, namespace }: { address: string; namespace: string },
  runId: string,
): Promise<EmployeeRunInput> {
  const connection = await Connection.connect({ address });
  try {
    return await copyInput(new Client({ connection, namespace }), runId);
  } finally {
    await connection.close();
  }
}
