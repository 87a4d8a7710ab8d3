import { ServiceError, WorkflowFailedError, type Client } from '@temporalio/client';
import { ApplicationFailure, RetryState } from '@temporalio/common';
import { expect, test } from 'vitest';
import { createRunEngine } from './run-engine.ts';

/** A client whose workflows all end like this. */
function engineThatHears(error: Error) {
  const result = async (): Promise<never> => {
    throw error;
  };
  const client = {
    withDeadline: (_deadline: number, work: () => Promise<unknown>) => work(),
    workflow: { getHandle: () => ({ result }) },
  };
  return createRunEngine({ client: client as unknown as Client });
}

const grpcError = (code: number) => Object.assign(new Error('from the server'), { code, details: '', metadata: {} });

test('a workflow that failed has its failure as outcome', async () => {
  const error = new WorkflowFailedError('failed', ApplicationFailure.nonRetryable('no'), RetryState.NON_RETRYABLE_FAILURE);
  expect(await engineThatHears(error).outcome('run')).toEqual({ error });
});

test('a Temporal that is late has told no outcome', async () => {
  const late = new ServiceError('Failed to get Workflow Result', { cause: grpcError(4) });
  await expect(engineThatHears(late).outcome('run')).rejects.toMatchObject({ code: 'dependency_unavailable' });
});

test('a Temporal that refuses to say has told no outcome', async () => {
  const refused = new ServiceError('Failed to get Workflow Result', { cause: grpcError(7) });
  await expect(engineThatHears(refused).outcome('run')).rejects.toBe(refused);
});
