import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { boundsSchema, exceeded, type Bounds } from './bounds.ts';
import { figuresOf } from './figures.ts';
import type { Measured } from './measure-shapes.ts';
import type { Shape } from './shapes.ts';

const measured = (shape: Shape, runMs: number, atATime = 1): Measured => ({
  shape,
  atATime,
  samples: [
    { workflowId: `${shape}-1`, runMs, ...(shape !== 'floor' && { postMs: 1 }) },
    { workflowId: `${shape}-2`, runMs },
  ],
  elapsedMs: runMs * 2,
  cpu: { server: runMs, worker: runMs, load: 1_000 },
  windows: [],
});
const all = [measured('floor', 10), measured('inline', 15), measured('child', 30)];
const figures = figuresOf(all, (id) => (id.startsWith('floor') ? 8 : 16));
const proxy = { pairs: 1, direct: { p50_ms: 1, p99_ms: 1 }, proxy: { p50_ms: 3, p99_ms: 3 }, added_ms: 2 };
const history = { ratio: { p50: 1, p95: 1.5 } };
const bounded = { shapes: figures, proxy, history };
const bounds: Bounds = {
  inline: { 1: { runs_per_second: 1.5, p50: 1.6 } },
  child: { 1: { runs_per_second: 3.1, p50: 3.1 } },
  proxy_added_ms: 2,
  full_database_p95: 1.5,
};

test('ratios are how many times the floor at the same load; the load itself costs nothing', () => {
  expect(figures.map(({ shape, ratio }) => [shape, ratio])).toEqual([
    ['floor', { runs_per_second: 1, p50: 1, workflow_p50: 1, cpu: 1 }],
    ['inline', { runs_per_second: 1.5, p50: 1.5, workflow_p50: 2, cpu: 1.5 }],
    ['child', { runs_per_second: 3, p50: 3, workflow_p50: 2, cpu: 3 }],
  ]);
  expect(figures[1]).toMatchObject({ runs_per_second: 1_000 / 15, cpu_ms: { server: 7.5, worker: 7.5 }, post: { p50_ms: 1 } });
  expect(figures[0]?.post).toBeNull();
});

test('a load without its floor is no measurement', () => {
  expect(() => figuresOf([measured('floor', 10), measured('inline', 15, 20)], () => 1)).toThrow(RangeError);
});

test('what is at its bound passes, what is above it is named with both numbers', () => {
  expect(exceeded(bounded, bounds)).toEqual([]);
  const tight: Bounds = {
    inline: { 1: { runs_per_second: 1.4, p50: 1.4 } },
    child: {},
    proxy_added_ms: 1,
    full_database_p95: 1.25,
  };
  expect(exceeded(bounded, tight)).toEqual([
    'inline, 1 at a time: ratio of runs/s: 1.50, and 1.40 is the bound',
    'inline, 1 at a time: ratio of p50: 1.50, and 1.40 is the bound',
    'added by the proxy, in ms: 2.00, and 1.00 is the bound',
    'p95 of a call on a full database, in times that on an empty one: 1.50, and 1.25 is the bound',
  ]);
});

test('the committed bounds are bounds', async () => {
  const text = await readFile(new URL('bounds.json', import.meta.url), 'utf8');
  expect(boundsSchema.parse(JSON.parse(text))).toMatchObject({ inline: { 1: {}, 20: {} }, child: { 1: {}, 20: {} } });
});
