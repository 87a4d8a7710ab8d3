import { expect, test } from 'vitest';
import { firedWorkflowId } from '../../contracts/schedule.ts';
import type { ScheduleState } from '../temporal/schedule-engine.ts';
import { withFate } from './left-out.ts';

const scheduleId = '4b8c2f6e-7a60-4f3e-8f0a-0c7cf2a3f5d4';
const orderedAt = new Date('2026-11-23T10:00:00Z');
const order = {
  nominal_time: orderedAt.toISOString(),
  status: 'ordered' as const,
  ordered_by: 'user_ada',
  run_id: null,
  run_status: null,
  refused_code: null,
  refused_reason: null,
};
const leftOut: ScheduleState = {
  isPaused: false,
  note: '',
  nextTimes: [],
  skippedOverlap: 1,
  missedCatchUp: 0,
  started: [],
  startedIsWholeSince: new Date(0),
  waiting: 0,
};
const known = { scheduleId, untold: new Set<string>(), state: leftOut, now: new Date('2026-11-23T10:00:10Z') };
const started = { workflowId: firedWorkflowId(scheduleId, orderedAt), temporalRunId: 'any' };

test('an order that Temporal neither started nor keeps waiting was left out', () => {
  expect(withFate(order, orderedAt, known)).toMatchObject({ status: 'skipped', refused_reason: expect.any(String) as string });
});

test.each([
  ['that Temporal was not given yet', { untold: new Set([order.nominal_time]) }],
  ['that was given just now', { now: new Date('2026-11-23T10:00:01Z') }],
  ['while Temporal is away', { state: undefined }],
  ['that Temporal started, and no worker took', { state: { ...leftOut, started: [started] } }],
  ['while others wait for their turn', { state: { ...leftOut, waiting: 1 } }],
  ['of a schedule that never left one out', { state: { ...leftOut, skippedOverlap: 0 } }],
  ['that ten others were started after', { state: { ...leftOut, startedIsWholeSince: new Date('2026-11-23T10:00:05Z') } }],
])('an order %s stays an order', (_what, more) => {
  expect(withFate(order, orderedAt, { ...known, ...more })).toEqual(order);
});
