import { ApplicationFailure, CancelledFailure } from '@temporalio/workflow';
import { describe, expect, test } from 'vitest';
import { RunFailure, foreseen, understood } from './failures.ts';

describe('a failure of a local activity', () => {
  test('with a code of ours is one of the run', () => {
    const failure = understood(ApplicationFailure.create({ type: 'expression_failed', message: 'wrong' }));
    expect(failure).toBeInstanceOf(RunFailure);
    expect(failure).toMatchObject({ code: 'expression_failed', message: 'wrong' });
  });

  test('that nobody foresaw fails the workflow task and not the run', () => {
    const failure = understood(ApplicationFailure.create({ type: 'TypeError', message: 'x is undefined' }));
    expect(failure).not.toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ message: 'engine: x is undefined' });
  });

  test('that is a cancellation stays one', () => {
    const cancelled = new CancelledFailure('stop');
    expect(understood(cancelled)).toBe(cancelled);
  });
});

test('a foreseen end says what the matter is, and not where in the code', () => {
  const failure = foreseen({ type: 'provider_refused', message: 'Slack refused the call.', details: [{ done: 1 }] });
  expect(failure).toMatchObject({ type: 'provider_refused', nonRetryable: true, details: [{ done: 1 }] });
  expect(failure.stack).toBe('ApplicationFailure: Slack refused the call.');
});
