import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, fillOnce, openCache } from './cache.ts';
import { makeTempFolder } from './processes/temp-folder.ts';
import type { TempFolder } from './processes/temp-folder.ts';

let folder: TempFolder;

beforeEach(async () => {
  folder = await makeTempFolder('clancy-cache');
});

afterEach(() => folder.remove());

describe('cacheFolder', () => {
  it('is named by its own variable, else below the XDG cache, else below the home', () => {
    expect(cacheFolder({ CLANCY_CACHE_DIR: '/mine', XDG_CACHE_HOME: '/xdg' })).toBe('/mine');
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' })).toBe('/xdg/clancy');
    expect(cacheFolder({ XDG_CACHE_HOME: 'relative' })).toBe(join(homedir(), '.cache', 'clancy'));
    expect(cacheFolder({})).toBe(join(homedir(), '.cache', 'clancy'));
  });
});

describe('openCache', () => {
  it('makes the folder', async () => {
    const wanted = join(folder.path, 'a', 'b');
    expect(await openCache({ CLANCY_CACHE_DIR: wanted })).toBe(wanted);
    expect(await readdir(wanted)).toEqual([]);
  });

  it('does not replace a named folder that cannot be used', async () => {
    await writeFile(join(folder.path, 'file'), '');
    const below = join(folder.path, 'file', 'cache');
    await expect(openCache({ CLANCY_CACHE_DIR: below })).rejects.toThrow(`CLANCY_CACHE_DIR (${below}) cannot be`);
  });

  it('finds a place of its own for a user without a usable home', async () => {
    await writeFile(join(folder.path, 'file'), '');
    const found = await openCache({ XDG_CACHE_HOME: join(folder.path, 'file') });
    expect(found).toContain(`clancy-cache-${process.getuid?.() ?? 0}`);
  });
});

describe('fillOnce', () => {
  it('keeps one complete result of many who fill at the same time', async () => {
    const target = join(folder.path, 'target');
    const fillers = ['a', 'b', 'c', 'd'].map((name) =>
      fillOnce(target, async (into) => {
        await writeFile(join(into, 'first'), name);
        await writeFile(join(into, 'second'), name);
      }),
    );
    await Promise.all(fillers);
    expect(await readdir(folder.path)).toEqual(['target']);
    const [first, second] = await Promise.all(['first', 'second'].map((name) => readFile(join(target, name), 'utf8')));
    expect(first).toBe(second);
  });

  it('leaves nothing when filling fails, and what is there alone', async () => {
    const target = join(folder.path, 'target');
    await expect(fillOnce(target, () => Promise.reject(new Error('disk full')))).rejects.toThrow('disk full');
    expect(await readdir(folder.path)).toEqual([]);
    await mkdir(target);
    await fillOnce(target, () => Promise.reject(new Error('not asked')));
    expect(await readdir(target)).toEqual([]);
  });
});
