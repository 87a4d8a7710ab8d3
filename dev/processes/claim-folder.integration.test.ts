import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFolder, FolderInUseError } from './claim-folder.ts';
import { startDoomedParent } from './doomed-parent.ts';
import { makeTempFolder } from './temp-folder.ts';
import type { TempFolder } from './temp-folder.ts';

let folder: TempFolder;

beforeEach(async () => {
  folder = await makeTempFolder('clancy-claim');
});

afterEach(() => folder.remove());

const moduleUrl = new URL('claim-folder.ts', import.meta.url).href;

describe('claimFolder', () => {
  it('gives a folder to one of many who ask at the same time', async () => {
    const asked = await Promise.allSettled(Array.from({ length: 20 }, () => claimFolder(folder.path)));
    const refused = asked.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
    expect(refused).toHaveLength(19);
    for (const reason of refused) expect(reason).toBeInstanceOf(FolderInUseError);
  });

  it('gives it again after its release and leaves nothing in it', async () => {
    const first = await claimFolder(folder.path);
    await first.release();
    const second = await claimFolder(folder.path);
    await first.release(); // must not take away the second claim
    await expect(claimFolder(folder.path)).rejects.toThrow(`in use by process ${process.pid}`);
    await second.release();
    expect(await readdir(folder.path)).toEqual([]);
  });

  it('refuses while another process holds it and takes it over when that one was killed', async () => {
    const claimed = join(folder.path, 'claimed');
    const source = `import { claimFolder } from ${JSON.stringify(moduleUrl)};
      await claimFolder(${JSON.stringify(claimed)}); console.log('ready'); setInterval(() => {}, 1000);`;
    const holder = await startDoomedParent(folder.path, source);
    await expect(claimFolder(claimed)).rejects.toThrow(`in use by process ${holder.pid}`);
    holder.kill('SIGKILL');
    await holder.waitForExit();
    await (await claimFolder(claimed)).release();
  });

  it('takes it over when the holder is gone and its pid belongs to somebody else', async () => {
    const earlier = { pid: process.pid, startedAt: 'another boot:1', id: 'x' };
    await writeFile(join(folder.path, 'claim.json'), JSON.stringify(earlier));
    await expect(claimFolder(folder.path)).resolves.toBeDefined();
  });

  it('takes over what cannot be read as a claim', async () => {
    await writeFile(join(folder.path, 'claim.json'), 'half a cl');
    await expect(claimFolder(folder.path)).resolves.toBeDefined();
  });
});
