import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { formatStep, silent } from '../progress.ts';
import { stopLeftover, writePidFile } from './pid-file.ts';
import { spawnChild } from './spawn-child.ts';
import type { Child } from './spawn-child.ts';
import { makeTempFolder } from './temp-folder.ts';
import type { TempFolder } from './temp-folder.ts';

let folder: TempFolder;
let child: Child;
let pidFile: string;

beforeEach(async () => {
  folder = await makeTempFolder('clancy-pid');
  pidFile = join(folder.path, 'probe.pid');
  child = await spawnChild({
    name: 'probe',
    command: 'sleep',
    args: ['600'],
    env: { PATH: '/usr/bin:/bin' },
    cwd: '/',
    logFile: join(folder.path, 'probe.log'),
    log: silent,
  });
});

afterEach(async () => {
  await child.stop();
  await folder.remove();
});

const stop = async (): Promise<string[]> => {
  const lines: string[] = [];
  const log = (step: Parameters<typeof formatStep>[0]) => lines.push(formatStep(step));
  await stopLeftover({ pidFile, name: 'probe', stopSignal: 'SIGTERM', stopTimeoutMs: 5_000, log });
  await expect(access(pidFile)).rejects.toThrow('ENOENT');
  return lines;
};

describe('stopLeftover', () => {
  it('stops the process that the file names and says so', async () => {
    await writePidFile(pidFile, child.pid);
    expect(await stop()).toEqual([`Stopped probe (process ${child.pid}), left running by an earlier start`]);
    expect((await child.waitForExit()).signal).toBe('SIGTERM');
  });

  it('spares a stranger who got the pid later', async () => {
    await writeFile(pidFile, JSON.stringify({ pid: child.pid, startedAt: 'earlier' }));
    expect(await stop()).toEqual([]);
    expect(child.isRunning).toBe(true);
  });

  it('does nothing without a file or with one that is no pid file', async () => {
    expect(await stop()).toEqual([]);
    await writeFile(pidFile, '{"pid":');
    expect(await stop()).toEqual([]);
    expect(child.isRunning).toBe(true);
  });
});
