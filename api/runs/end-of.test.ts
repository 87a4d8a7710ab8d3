import { ApplicationFailure } from '@temporalio/common';
import { expect, test } from 'vitest';
import { closingResult } from './closing-result.ts';
import { endOf, type ClosedStatus } from './end-of.ts';
import type { RunRow } from './find.ts';

const now = new Date('2026-11-23T10:00:05.000Z');
const run = {
  orgId: 'org_a',
  runId: 'emp:run',
  employeeId: 'employee',
  executionId: '6f0c2c0e-3f55-4b0f-9d0f-0d0a4c9a8f11',
  startedAt: new Date('2026-11-23T10:00:00.000Z'),
  temporalRunId: 'first',
} as RunRow;
const own = { ...closingResult(run, { status: 'failed', error: 'no', code: 'grant_missing' }, now), result: { a: 1 } };
const engineWith = (outcome: { result: unknown } | { error: unknown }) => ({ outcome: () => Promise.resolve(outcome) });
const never = { outcome: () => Promise.reject(new Error('not to be asked')) };

test.each([
  ['TERMINATED', undefined],
  ['CANCELLED', undefined],
  ['LOST', undefined],
  ['TIMED_OUT', 'timed_out'],
] as const)('a run that is %s was interrupted', async (status, code) => {
  const result = await endOf(never, run, status, now);
  expect(result).toMatchObject({ status: 'interrupted', execution_time_ms: 5_000 });
  expect(result?.error_code).toBe(code);
});

test.each(['RUNNING', 'PAUSED', 'CONTINUED_AS_NEW'] satisfies ClosedStatus[])('%s is no end', async (status) => {
  expect(await endOf(never, run, status, now)).toBeUndefined();
});

test('a workflow that ended by itself brings its own result', async () => {
  expect(await endOf(engineWith({ result: own }), run, 'COMPLETED', now)).toEqual(own);
  const failure = ApplicationFailure.create({ type: 'grant_missing', details: [own] });
  const error = new Error('workflow failed', { cause: failure });
  expect(await endOf(engineWith({ error }), run, 'FAILED', now)).toEqual(own);
});

test('a result of another run is not taken over, and an unknown failure is an internal one', async () => {
  const foreign = { ...own, run_id: 'emp:other' };
  expect(await endOf(engineWith({ result: foreign }), run, 'COMPLETED', now)).toMatchObject({
    status: 'failed',
    error_code: 'internal',
  });
  const error = new Error('failed', { cause: ApplicationFailure.create({ type: 'SomethingElse' }) });
  expect(await endOf(engineWith({ error }), run, 'FAILED', now)).toMatchObject({ status: 'failed', error_code: 'internal' });
});
