import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../progress.ts';
import { findProcess } from './process-table.ts';
import { spawnChild } from './spawn-child.ts';
import type { Child, ChildSpec } from './spawn-child.ts';
import { makeTempFolder } from './temp-folder.ts';
import type { TempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-until.ts';

let folder: TempFolder;
let started: Child[];

beforeEach(async () => {
  folder = await makeTempFolder('clancy-child');
  started = [];
});

afterEach(async () => {
  await Promise.all(started.map((child) => child.stop()));
  await folder.remove();
});

async function start(script: string, more: Partial<ChildSpec> = {}): Promise<Child> {
  const child = await spawnChild({
    name: 'probe',
    command: process.execPath,
    args: ['-e', script],
    env: {},
    cwd: folder.path,
    logFile: join(folder.path, 'probe.log'),
    log: silent,
    ...more,
  });
  started.push(child);
  return child;
}

const sayReady = `console.log('ready'); setInterval(() => {}, 1000);`;
const whenItSaysReady: Partial<ChildSpec> = {
  readyWhen: async (child) => (await child.logText()).includes('ready'),
};

describe('spawnChild', () => {
  it('resolves when the child is ready and stops it on request', async () => {
    const child = await start(sayReady, whenItSaysReady);
    expect(child.isRunning).toBe(true);
    expect(await child.stop()).toEqual({ code: null, signal: 'SIGTERM' });
    expect(child.isRunning).toBe(false);
    expect(await findProcess(child.pid)).toBeUndefined();
  });

  it('shows the last log lines of a child that dies before it is ready', async () => {
    const dying = start(`console.error('no database at port 1'); process.exit(3)`, whenItSaysReady);
    await expect(dying).rejects.toThrow(/ended before it was ready \(exit code 3\).*\n.*no database at port 1/s);
  });

  it('says that a command does not exist', async () => {
    const missing = start('', { ...whenItSaysReady, command: '/nowhere/at/all', args: [] });
    await expect(missing).rejects.toThrow(/exit code 127.*\/nowhere\/at\/all/s);
  });

  it('stops a child that is not ready in time', async () => {
    const slow = start(`console.log(process.pid); setInterval(() => {}, 1000)`, {
      readyWhen: () => false,
      readyTimeoutMs: 300,
    });
    await expect(slow).rejects.toThrow('waited 300 ms for probe to be ready');
    const pid = Number((await readFile(join(folder.path, 'probe.log'), 'utf8')).trim());
    expect(pid).toBeGreaterThan(0);
    expect(await findProcess(pid)).toBeUndefined();
  });

  it('kills a child that ignores the request to stop', async () => {
    const child = await start(`process.on('SIGTERM', () => {}); ${sayReady}`, {
      ...whenItSaysReady,
      stopTimeoutMs: 200,
    });
    expect(await child.stop()).toEqual({ code: null, signal: 'SIGKILL' });
  });

  it('takes the processes that the child started with it', async () => {
    const script = `const c = require('node:child_process').spawn('sleep', ['600']); console.log(c.pid, 'ready');`;
    const child = await start(`${script} setInterval(() => {}, 1000)`, whenItSaysReady);
    const grandchild = Number.parseInt(await readFile(child.logFile, 'utf8'), 10);
    expect(await findProcess(grandchild)).toBeDefined();
    child.kill('SIGKILL');
    expect((await child.waitForExit()).signal).toBe('SIGKILL');
    const isGone = async () => (await findProcess(grandchild)) === undefined;
    await waitUntil(isGone, { timeoutMs: 5_000, what: 'the grandchild to end' });
  });

  it('starts the same command again after a kill, as a new process with one log', async () => {
    const child = await start(sayReady, whenItSaysReady);
    const firstPid = child.pid;
    child.kill('SIGKILL');
    await child.waitForExit();
    await child.restart();
    expect(child.isRunning).toBe(true);
    expect(child.pid).not.toBe(firstPid);
    expect(await readFile(child.logFile, 'utf8')).toBe('ready\nready\n');
  });

  it('gives the child its own environment and nothing else', async () => {
    const child = await start(`console.log(JSON.stringify(Object.keys(process.env)), 'ready')`, {
      env: { ONLY: 'this' },
    });
    await child.waitForExit();
    const names: unknown = JSON.parse((await readFile(child.logFile, 'utf8')).replace(' ready', ''));
    expect(names).toContain('ONLY');
    expect(names).not.toContain('PATH_INFO');
    expect(names).not.toContain('HOME');
  });
});
