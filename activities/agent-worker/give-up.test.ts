import { MockActivityEnvironment } from '@temporalio/testing';
import { CancelledFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { givingUp } from './give-up.ts';

const attempt = (info: { isLocal: boolean; attempt: number }, error: Error): Promise<unknown> =>
  new MockActivityEnvironment(info)
    .run(
      givingUp(() => Promise.reject(error)),
      {},
    )
    .catch((reason: unknown) => reason);
const slip = new TypeError('nodes is undefined');

test('a local activity that fails unexpectedly is tried again, and gives up at the third attempt', async () => {
  for (const number of [1, 2]) expect(await attempt({ isLocal: true, attempt: number }, slip)).toBe(slip);
  expect(await attempt({ isLocal: true, attempt: 3 }, slip)).toMatchObject({
    type: 'TypeError',
    message: 'nodes is undefined',
    nonRetryable: true,
  });
});

test('another activity has a retry policy of its own, and what was cancelled stays cancelled', async () => {
  expect(await attempt({ isLocal: false, attempt: 9 }, slip)).toBe(slip);
  const cancelled = new CancelledFailure('stopped');
  expect(await attempt({ isLocal: true, attempt: 9 }, cancelled)).toBe(cancelled);
});
