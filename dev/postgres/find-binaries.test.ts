import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTempFolder } from '../processes/temp-folder.ts';
import type { TempFolder } from '../processes/temp-folder.ts';
import { findBinaries } from './find-binaries.ts';
import { findRunUser } from './run-user.ts';

let folder: TempFolder;

beforeEach(async () => {
  folder = await makeTempFolder('clancy-binaries');
});

afterEach(() => folder.remove());

async function program(name: string, says: string): Promise<void> {
  const bin = join(folder.path, 'bin');
  await mkdir(bin, { recursive: true });
  await writeFile(join(bin, name), `#!/bin/sh\necho '${says}'\n`);
  await chmod(join(bin, name), 0o755);
}

const findWithoutNpm = async () =>
  findBinaries({
    user: await findRunUser(),
    copyTo: [],
    path: `/nonexistent:${join(folder.path, 'bin')}`,
    findPackage: () => Promise.reject(new Error('npm left it out')),
  });

describe('findBinaries', () => {
  it('takes the PostgreSQL of the PATH when npm brought none', async () => {
    await program('postgres', 'postgres (PostgreSQL) 16.4 (Debian)');
    await program('initdb', '');
    expect(await findWithoutNpm()).toEqual({ bin: join(folder.path, 'bin'), version: '16.4', origin: 'PATH' });
  });

  it('says what it tried and what to do', async () => {
    await program('postgres', 'I am a mail server');
    await program('initdb', '');
    await expect(findWithoutNpm()).rejects.toThrow(
      /Tried:\n- embedded: npm left it out\n- PATH: .*does not say its version\nSet DATABASE_URL/,
    );
  });

  it('does not take a postgres that stands alone', async () => {
    await program('postgres', 'postgres (PostgreSQL) 16.4');
    await expect(findWithoutNpm()).rejects.toThrow('- PATH: no folder of it holds postgres beside initdb');
  });
});
