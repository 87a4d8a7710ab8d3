import { expect, test } from 'vitest';
import { measureShapes, shareOut } from './measure-shapes.ts';
import type { Sample, Shape } from './shapes.ts';

test('runs are shared out over the rounds, and none is lost', () => {
  expect(shareOut(10, 4)).toEqual([2, 2, 3, 3]);
  expect(shareOut(2, 4)).toEqual([1, 1]);
  expect(shareOut(3, 1)).toEqual([3]);
});

test('the shapes take turns, every other round backwards, and each gets its own CPU', async () => {
  const order: Shape[] = [];
  let usedMs = 0;
  const shape = (name: Shape, costMs: number) => async (): Promise<Sample> => {
    order.push(name);
    usedMs += costMs;
    return { workflowId: `${name}-${order.length}`, runMs: costMs };
  };
  const shapes = { floor: shape('floor', 1), inline: shape('inline', 10), child: shape('child', 100) };
  const measured = await measureShapes({ shapes, readCpu: async () => ({ api: usedMs }) }, { runs: 3, rounds: 2, atATime: 1 });
  expect(order).toEqual(['floor', 'inline', 'child', 'child', 'child', 'inline', 'inline', 'floor', 'floor']);
  expect(measured.map((one) => [one.shape, one.samples.length, one.cpu?.['api']])).toEqual([
    ['floor', 3, 3],
    ['inline', 3, 30],
    ['child', 3, 300],
  ]);
  expect(measured.map(({ windows }) => windows.length)).toEqual([2, 2, 2]);
});

test('a run that fails ends the measurement', async () => {
  const ok = async (): Promise<Sample> => ({ workflowId: 'one', runMs: 1 });
  const broken = async (): Promise<Sample> => Promise.reject(new Error('the run failed'));
  const measuring = measureShapes(
    { shapes: { floor: ok, inline: broken, child: ok }, readCpu: async () => undefined },
    { runs: 1, rounds: 1, atATime: 1 },
  );
  await expect(measuring).rejects.toThrow('the run failed');
});
