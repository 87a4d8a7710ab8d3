import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardianOf, startDoomedParent, survivors } from './doomed-parent.ts';
import type { DoomedParent } from './doomed-parent.ts';
import { makeTempFolder } from './temp-folder.ts';
import type { TempFolder } from './temp-folder.ts';
import { waitUntil } from './wait-until.ts';

let folder: TempFolder;
let dying: DoomedParent;

beforeEach(async () => {
  folder = await makeTempFolder('clancy-guardian');
});

afterEach(async () => {
  await dying.stop();
  await folder.remove();
});

const moduleUrl = new URL('spawn-child.ts', import.meta.url).href;

/** Starts a parent with two children, one of which ignores the request to stop; on SIGUSR2 it does `onSignal`. */
async function startFamily(onSignal = ''): Promise<number[]> {
  dying = await startDoomedParent(
    folder.path,
    `import { spawnChild } from ${JSON.stringify(moduleUrl)};
    const spawn = (name: string, script: string) => spawnChild({
      name, command: process.execPath, args: ['-e', script], env: {}, cwd: '/', log: () => {},
      logFile: ${JSON.stringify(folder.path)} + '/' + name + '.log', stopTimeoutMs: 1000,
      readyWhen: async (child) => (await child.logText()).includes('up'),
    });
    const up = "console.log('up'); setInterval(() => {}, 1000)";
    process.on('SIGUSR2', async () => { ${onSignal} });
    const calm = await spawn('calm', up);
    const deaf = await spawn('deaf', "process.on('SIGTERM', () => {});" + up);
    console.log('pids', calm.pid, deaf.pid, 'ready');
    setInterval(() => {}, 1000);`,
  );
  return (await dying.printed(/pids (\d+) (\d+) ready/)).map(Number);
}

describe('a parent with children', { timeout: 30_000 }, () => {
  it('takes them with it when it is killed', async () => {
    const pids = await startFamily();
    const guardian = await guardianOf(dying);
    dying.kill('SIGKILL');
    expect(await survivors([...pids, guardian ?? 0])).toEqual([]);
  });

  it('takes them with it when it is interrupted and does not handle that', async () => {
    const pids = await startFamily();
    dying.kill('SIGINT');
    expect(await survivors(pids)).toEqual([]);
  });

  it('takes them with it when it crashes', async () => {
    const pids = await startFamily(`throw new Error('boom');`);
    dying.kill('SIGUSR2');
    expect(await survivors(pids)).toEqual([]);
    expect(await readFile(dying.logFile, 'utf8')).toContain('boom');
  });

  it('takes them with it when it leaves without stopping them', async () => {
    const pids = await startFamily('process.exit(0);');
    dying.kill('SIGUSR2');
    expect(await dying.waitForExit()).toEqual({ code: 0, signal: null });
    expect(await survivors(pids)).toEqual([]);
  });

  it('takes them with it when its guardian was killed before', async () => {
    const pids = await startFamily(`console.log('late', (await spawn('late', up)).pid, 'end');`);
    const first = await guardianOf(dying);
    process.kill(first ?? 0, 'SIGKILL');
    const replacement = async () => {
      const found = await guardianOf(dying);
      return found === first ? undefined : found;
    };
    await waitUntil(replacement, { timeoutMs: 5_000, what: 'another guardian' });
    // A third child is up only when the new guardian has read of all three.
    dying.kill('SIGUSR2');
    const [late] = await dying.printed(/late (\d+) end/);
    dying.kill('SIGKILL');
    expect(await survivors([...pids, Number(late)])).toEqual([]);
  });
});
