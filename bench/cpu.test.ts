import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { addCpu, cpuBetween, parseStat, readCpu, ticksOfTree } from './cpu.ts';

const line = (pid: number, name: string, parent: number, times: string): string =>
  `${pid} (${name}) S ${parent} 1 1 0 -1 4194304 102 0 0 0 ${times} 20 0 1 0 1192360 3133440 412`;

test('the times of a process are counted from the last parenthesis of its name', () => {
  expect(parseStat(line(7, 'a) S 9 (b', 3, '10 20 3 4'))).toEqual({ pid: 7, parent: 3, ticks: 37 });
});

test('a line that ends too early, or of a process that is gone, is none', () => {
  expect(parseStat('')).toBeUndefined();
  expect(parseStat('7 (node) S 3 1')).toBeUndefined();
});

test('a tree holds the children of children, and nobody else', () => {
  const table = [
    { pid: 9, parent: 2, ticks: 1 },
    { pid: 2, parent: 1, ticks: 10 },
    { pid: 3, parent: 9, ticks: 100 },
    { pid: 4, parent: 5, ticks: 1_000 },
  ];
  expect(ticksOfTree(table, 2)).toBe(111);
  expect(ticksOfTree(table, 77)).toBe(0);
});

test('what was used is the difference of two readings, and adds up part by part', () => {
  const used = cpuBetween({ api: 100, worker: 50 }, { api: 130, worker: 50 });
  expect(used).toEqual({ api: 30, worker: 0 });
  expect(addCpu(used, { api: 1, worker: 2 })).toEqual({ api: 31, worker: 2 });
  expect(addCpu(undefined, used)).toEqual(used);
});

test('where there is nothing to read, nothing is measured', () => {
  expect(cpuBetween(undefined, { api: 1 })).toBeUndefined();
  expect(cpuBetween({ api: 1 }, undefined)).toBeUndefined();
});

test("a child's time counts for its parent, also when it has ended", async () => {
  const before = await readCpu({ self: process.pid });
  expect(before !== undefined).toBe(existsSync('/proc/self/stat'));
  spawnSync(process.execPath, ['-e', 'while (process.cpuUsage().user < 200_000);']);
  const used = cpuBetween(before, await readCpu({ self: process.pid }));
  expect((used ?? { self: 200 })['self']).toBeGreaterThanOrEqual(200);
});
