import { expect, test } from 'vitest';
import { byPlace, selfTimes, type CpuProfile } from './self-times.ts';

const node = (id: number, functionName: string, url: string) => ({ id, callFrame: { functionName, url } });

/** Samples at 1,000, 1,100, 1,300 and 1,600 microseconds. */
const profile: CpuProfile = {
  nodes: [
    node(1, 'parse', 'file:///home/me/clancy/node_modules/@temporalio/common/lib/x.js'),
    node(2, '(idle)', ''),
    node(3, '', 'file:///home/me/clancy/api/runs/start.ts'),
    node(4, 'close', 'file:///home/me/clancy/api/runs/close.ts'),
  ],
  startTime: 900,
  samples: [1, 2, 1, 3, 4],
  timeDeltas: [100, 100, 200, 300, 50],
};
const whole = [{ fromUs: 0, untilUs: 10_000 }];

test('a sample stands for the time until the next one, and waiting is no work', () => {
  expect(selfTimes([profile], whole)).toEqual([
    { name: 'parse', place: '@temporalio/common', ms: 0.4 },
    { name: '(anonymous)', place: 'clancy runs/start.ts', ms: 0.05 },
    { name: 'close', place: 'clancy runs/close.ts', ms: 0 },
  ]);
});

test('only what lies in a window counts', () => {
  expect(selfTimes([profile], [{ fromUs: 1_000, untilUs: 1_050 }])).toEqual([
    { name: 'parse', place: '@temporalio/common', ms: 0.1 },
  ]);
  expect(selfTimes([profile], [])).toEqual([]);
});

test('threads add up, and our own files are one place', () => {
  const times = selfTimes([profile, profile], whole);
  expect(byPlace(times)).toEqual([
    { place: '@temporalio/common', ms: 0.8 },
    { place: 'clancy', ms: 0.1 },
  ]);
});
