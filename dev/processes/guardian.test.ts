import { execFileSync } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { silent } from '../progress.ts';
import { nodeScript } from './node-script.ts';
import { findProcess } from './process-table.ts';
import { spawnChild } from './spawn-child.ts';
import type { Child } from './spawn-child.ts';
import { makeTempFolder } from './temp-folder.ts';
import type { TempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-until.ts';

let folder: TempFolder;
let parent: Child | undefined;

beforeEach(async () => {
  folder = await makeTempFolder('clancy-guardian');
  parent = undefined;
});

afterEach(async () => {
  await parent?.stop();
  await folder.remove();
});

const moduleUrl = new URL('spawn-child.ts', import.meta.url).href;

/** A parent that starts two children, one of which ignores the request to stop, and then does `finally_`. */
function parentScript(finally_: string): string {
  return `
    import { spawnChild } from ${JSON.stringify(moduleUrl)};
    const spawn = (name, script) => spawnChild({
      name, command: process.execPath, args: ['-e', script], env: {}, cwd: '/', log: () => {},
      logFile: ${JSON.stringify(folder.path)} + '/' + name + '.log', stopTimeoutMs: 1000,
      readyWhen: async (child) => (await child.logText()).includes('up'),
    });
    const up = "console.log('up'); setInterval(() => {}, 1000)";
    const calm = await spawn('calm', up);
    const deaf = await spawn('deaf', "process.on('SIGTERM', () => {});" + up);
    console.log('pids', calm.pid, deaf.pid, 'end');
    ${finally_}`;
}

async function startParent(finally_: string): Promise<{ parent: Child; pids: number[] }> {
  const script = join(folder.path, 'parent.mts');
  await writeFile(script, parentScript(finally_));
  const logOf = async () => /pids (\d+) (\d+) end/.exec(await readFile(join(folder.path, 'parent.log'), 'utf8'));
  parent = await spawnChild({
    name: 'parent',
    ...nodeScript(script),
    env: { PATH: '/usr/bin:/bin' },
    cwd: folder.path,
    logFile: join(folder.path, 'parent.log'),
    readyWhen: async () => (await logOf()) !== null,
    log: silent,
  });
  const [, calm, deaf] = (await logOf()) ?? [];
  return { parent, pids: [Number(calm), Number(deaf)] };
}

async function expectGone(pids: readonly number[]): Promise<void> {
  const areGone = async () => (await Promise.all(pids.map(findProcess))).every((found) => found === undefined);
  await waitUntil(areGone, { timeoutMs: 10_000, what: `processes ${pids.join(', ')} to end` });
}

const keepRunning = 'setInterval(() => {}, 1000);';

describe('a parent with children', { timeout: 30_000 }, () => {
  it('takes them with it when it is killed', async () => {
    const { parent: dying, pids } = await startParent(keepRunning);
    dying.kill('SIGKILL');
    await expectGone(pids);
  });

  it('takes them with it when it is interrupted and does not handle that', async () => {
    const { parent: dying, pids } = await startParent(keepRunning);
    dying.kill('SIGINT');
    await expectGone(pids);
  });

  it('takes them with it when it crashes', async () => {
    const { parent: dying, pids } = await startParent(`
      ${keepRunning} process.on('SIGUSR2', () => { throw new Error('boom'); });`);
    dying.kill('SIGUSR2');
    await expectGone(pids);
    expect(await readFile(dying.logFile, 'utf8')).toContain('boom');
  });

  it('takes them with it when it leaves without stopping them', async () => {
    const { parent: dying, pids } = await startParent(`
      ${keepRunning} process.on('SIGUSR2', () => process.exit(0));`);
    dying.kill('SIGUSR2');
    expect(await dying.waitForExit()).toEqual({ code: 0, signal: null });
    await expectGone(pids);
  });

  it('takes them with it when its guardian was killed before', async () => {
    const { parent: dying, pids } = await startParent(`
      ${keepRunning} process.on('SIGUSR2', async () => console.log('late', (await spawn('late', up)).pid, 'end'));`);
    const guardianOf = () =>
      Number(execFileSync('pgrep', ['-f', 'guardian.sh', '-P', String(dying.pid)], { encoding: 'utf8' }));
    const first = guardianOf();
    process.kill(first, 'SIGKILL');
    await waitUntil(() => guardianOf() !== first, { timeoutMs: 5_000, what: 'another guardian' });
    // A third child is up only when the new guardian has read of all three.
    dying.kill('SIGUSR2');
    const readLate = async () => /late (\d+) end/.exec(await readFile(dying.logFile, 'utf8'))?.[1];
    const late = await waitUntil(readLate, { timeoutMs: 5_000, what: 'the third child' });
    dying.kill('SIGKILL');
    await expectGone([...pids, Number(late)]);
  });
});
