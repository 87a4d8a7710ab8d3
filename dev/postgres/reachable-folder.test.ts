import { readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimFolder } from '../processes/claim-folder.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';
import type { TempFolder } from '../processes/temp-folder.ts';
import { silent } from '../progress.ts';
import { reachableFolder } from './reachable-folder.ts';

let folder: TempFolder;

beforeEach(async () => {
  folder = await makeTempFolder('clancy-reach');
});

afterEach(() => folder.remove());

// Nobody can be this user: starting a process as it fails for root and for everybody else.
const nobodyAtAll = { uid: 2 ** 31, gid: 2 ** 31 };

const reach = (name: string, asUser: { user: typeof nobodyAtAll | undefined } = { user: nobodyAtAll }) =>
  reachableFolder({
    wanted: join(folder.path, name),
    sharedFolder: join(folder.path, 'shared'),
    log: silent,
    ...asUser,
  });

const moved = () => readdir(join(folder.path, 'shared', 'postgres-data'));

describe('reachableFolder', () => {
  it('is the wanted folder where that can be entered', async () => {
    expect(await reach('a', { user: undefined })).toBe(join(folder.path, 'a'));
  });

  it('is otherwise always the same one for one wanted folder, and another for another', async () => {
    const first = await reach('a');
    expect(first.startsWith(join(folder.path, 'shared', 'postgres-data'))).toBe(true);
    expect(await reach('a')).toBe(first);
    expect(await reach('b')).not.toBe(first);
    expect(await moved()).toHaveLength(2);
  });

  it('is a new one when the wanted folder was removed, and the old one goes', async () => {
    const first = await reach('a');
    await writeFile(join(first, 'data'), 'old');
    await rm(join(folder.path, 'a'), { recursive: true });
    const second = await reach('a');
    expect(second).not.toBe(first);
    await reach('b');
    expect(await moved()).not.toContain(first.split('/').at(-1));
  });

  it('leaves an abandoned one alone while somebody works with it', async () => {
    const first = await reach('a');
    const claim = await claimFolder(first);
    await rm(join(folder.path, 'a'), { recursive: true });
    await reach('b');
    expect(await moved()).toContain(first.split('/').at(-1));
    await claim.release();
  });
});
