import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { makeProcesses } from '../../dev/build/make-dist.ts';
import { silent } from '../../dev/progress.ts';
import { startService } from '../../dev/stack/child-service.ts';

export type Killed = 'server' | 'whole';

/** A ConnectHub of its own, in a process that can be killed. */
export interface Copy {
  readonly url: string;
  /** What it calls itself in leases and in the audit. */
  readonly owner: string;
  /** SIGKILL to its process, or to its refresher too, as where a machine ends; resolves when it is gone. */
  kill(what?: Killed): Promise<void>;
}

export interface Copies {
  /** One that is ready; another one is begun for the next who asks. */
  next(): Promise<Copy>;
  close(): Promise<void>;
}

const listeningSchema = z.object({ msg: z.literal('listening'), url: z.string(), copy: z.string() });
/** Where the build finds the dependencies. */
const CACHE = fileURLToPath(new URL('../../node_modules/.cache/', import.meta.url));

/** Compiled, since each round starts one: from sources it takes four times as long. */
export async function openCopies(env: { [variable: string]: string }): Promise<Copies> {
  await mkdir(CACHE, { recursive: true });
  const dist = await mkdtemp(join(CACHE, 'refresh-kill-'));
  const logs = await mkdtemp(join(tmpdir(), 'clancy-refresh-kill-'));
  await makeProcesses(dist).catch(async (error: unknown) => {
    await rm(dist, { recursive: true, force: true });
    throw error;
  });
  const running = new Set<Copy>();
  const start = async (): Promise<Copy> => {
    const dir = await mkdtemp(join(logs, 'copy-'));
    const child = await startService({ name: 'connecthub', env: { ...env, PORT: '0' }, dist, dir, log: silent });
    const { url, copy: owner } = listening(await readFile(child.logFile, 'utf8'));
    const copy: Copy = {
      url,
      owner,
      kill: async (what = 'server') => {
        running.delete(copy);
        const refreshers = what === 'whole' ? await refreshersOf(owner) : [];
        child.kill('SIGKILL');
        for (const pid of refreshers) process.kill(pid, 'SIGKILL');
        await child.waitForExit();
      },
    };
    running.add(copy);
    return copy;
  };
  let upcoming = start();
  return {
    next: async () => {
      const ready = await upcoming;
      upcoming = start();
      return ready;
    },
    close: async () => {
      await upcoming;
      // The logs are still written to by what is being killed.
      await Promise.all([...running].map((copy) => copy.kill()));
      await Promise.all([dist, logs].map((dir) => rm(dir, { recursive: true, force: true, maxRetries: 10, retryDelay: 200 })));
    },
  };
}

/** They are named by the copy that started them. */
async function refreshersOf(owner: string): Promise<number[]> {
  const pids = (await readdir('/proc')).map(Number).filter((pid) => pid > 0);
  const lines = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return pids.filter((_, n) => lines[n]?.split('\0').includes(owner));
}

function listening(log: string): z.infer<typeof listeningSchema> {
  const lines = log.split('\n').filter((line) => line.includes('"listening"'));
  return listeningSchema.parse(JSON.parse(lines.at(-1) ?? ''));
}
