import type { WorkflowExecutionDescription } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { expect, test } from 'vitest';
import { toWorkflowState } from './describe.ts';

const NOW_MS = Date.parse('2026-11-23T10:00:00.000Z');
const SCHEDULED = 1;
const STARTED = 2;
const secondsAgo = (seconds: number) => ({ seconds: NOW_MS / 1_000 - seconds, nanos: 0 });

/** The state of a running workflow of which the server says this. */
function stateOf(raw: { pendingWorkflowTask?: object; pendingActivities?: object[] }) {
  const described = { status: { name: 'RUNNING' }, runId: 'first', typedSearchAttributes: new TypedSearchAttributes(), raw };
  return toWorkflowState(described as unknown as WorkflowExecutionDescription, NOW_MS);
}

test.each([
  ['nothing is pending', {}],
  ['a task was just scheduled', { pendingWorkflowTask: { state: SCHEDULED, attempt: 1, scheduledTime: secondsAgo(3) } }],
  ['a task is at work', { pendingWorkflowTask: { state: STARTED, attempt: 2, scheduledTime: secondsAgo(60) } }],
  ['a long activity is at work', { pendingActivities: [{ state: STARTED, attempt: 1, scheduledTime: secondsAgo(600) }] }],
  ['an activity is tried again soon', { pendingActivities: [{ state: SCHEDULED, attempt: 5, scheduledTime: secondsAgo(-30) }] }],
])('a workflow is not stuck when %s', (_when, raw) => {
  expect(stateOf(raw).stuckOn).toBeUndefined();
});

test.each([
  ['its task keeps failing', { pendingWorkflowTask: { state: SCHEDULED, attempt: 3, scheduledTime: secondsAgo(60) } }],
  ['an activity keeps failing', { pendingActivities: [{ state: SCHEDULED, attempt: 6, scheduledTime: secondsAgo(-30) }] }],
])('a workflow waits on the engine when %s', (_when, raw) => {
  expect(stateOf(raw).stuckOn).toBe('engine');
});

test.each([
  ['its task', { pendingWorkflowTask: { state: SCHEDULED, attempt: 1, scheduledTime: secondsAgo(11) } }],
  ['an activity', { pendingActivities: [{ state: SCHEDULED, attempt: 1, scheduledTime: secondsAgo(11) }] }],
])('a workflow waits on a worker when nobody takes %s', (_what, raw) => {
  expect(stateOf(raw).stuckOn).toBe('worker');
});
