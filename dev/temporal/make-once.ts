import { mkdir, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { claimFolder, FolderInUseError } from '../processes/claim-folder.ts';
import type { Claim } from '../processes/claim-folder.ts';
import type { Progress } from '../progress.ts';
import { checkCli } from './check-cli.ts';

const turnMs = 250;
const turnsPerReport = 40;

/**
 * Puts a Temporal CLI at `path`, which nobody sees before it is complete and was checked. While another process
 * makes the same one, waits and takes theirs: a build takes all cores for two minutes.
 * @param make puts the program into the folder that it is given and returns its path
 */
export async function makeOnce(path: string, make: (into: string) => Promise<string>, log: Progress): Promise<string> {
  const folder = dirname(path);
  const claim = await claimWhenFree(folder, log);
  const draft = join(folder, 'draft');
  try {
    if (await isGood(path)) return path;
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft);
    const made = await make(draft);
    await checkCli(made);
    await rename(made, path);
    return path;
  } finally {
    await rm(draft, { recursive: true, force: true });
    await claim.release();
  }
}

async function claimWhenFree(folder: string, log: Progress): Promise<Claim> {
  const began = performance.now();
  for (let turn = 0; ; turn++) {
    try {
      return await claimFolder(folder);
    } catch (error) {
      if (!(error instanceof FolderInUseError)) throw error;
      const what = `Waiting for process ${error.pid}, which is getting Temporal`;
      if (turn % turnsPerReport === 0) log({ what, state: 'running', elapsedMs: performance.now() - began });
      await delay(turnMs);
    }
  }
}

function isGood(path: string): Promise<boolean> {
  return checkCli(path).then(
    () => true,
    () => false,
  );
}
