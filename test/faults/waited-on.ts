import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import type { Stack } from '../../dev/stack/start-stack.ts';

const words = z.array(z.string());

/**
 * Everything that a workflow has said it waits on, in order: each change of its search attribute `WaitingOn` stands in its
 * history, also those that were over before anybody could look.
 */
export async function waitedOn({ temporal }: Stack, workflowId: string): Promise<string[]> {
  const connection = await Connection.connect({ address: temporal.address });
  try {
    const { workflow } = new Client({ connection, namespace: temporal.namespace });
    const { events } = await workflow.getHandle(workflowId).fetchHistory();
    return (events ?? []).flatMap((event) => {
      const data = event.upsertWorkflowSearchAttributesEventAttributes?.searchAttributes?.indexedFields?.['WaitingOn']?.data;
      return data ? words.parse(JSON.parse(Buffer.from(data).toString('utf8')) ?? []) : [];
    });
  } finally {
    await connection.close();
  }
}
