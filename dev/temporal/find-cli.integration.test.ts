import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTempFolder } from '../processes/temp-folder.ts';
import type { TempFolder } from '../processes/temp-folder.ts';
import { silent } from '../progress.ts';
import { cliSources } from './cli-sources.ts';
import { answersLikeTheCli, writeProgram } from './fake-cli.ts';
import { findCli } from './find-cli.ts';
import { cachedCliPath } from './pinned-cli.ts';

let folder: TempFolder;

beforeEach(async () => {
  folder = await makeTempFolder('clancy-cli');
});

afterEach(() => folder.remove());

const at = (...names: string[]) => join(folder.path, ...names);

// A proxy that nobody serves makes the download fail at once, on any network.
const noNetwork = { HTTPS_PROXY: 'http://127.0.0.1:1', HTTP_PROXY: 'http://127.0.0.1:1' };

/** A machine with these programs on its PATH, whose network refuses. */
const find = (more: { path?: string; cli?: string } = {}) =>
  findCli(
    cliSources({
      cacheDir: at('cache'),
      env: { ...noNetwork, HOME: folder.path, PATH: `${more.path ?? at('bin')}:/usr/bin:/bin` },
      cli: more.cli,
      log: silent,
    }),
  );

describe('the search for a Temporal CLI', { timeout: 30_000 }, () => {
  it('takes the one that was named', async () => {
    const cli = await writeProgram(at('mine'), answersLikeTheCli);
    expect(await find({ cli })).toEqual({
      path: cli,
      source: 'CLANCY_TEMPORAL_CLI',
      version: { server: '1.29.1', ui: '2.42.1' },
    });
  });

  it('does not replace a named one that is another program', async () => {
    await writeProgram(cachedCliPath(at('cache')), answersLikeTheCli);
    const cli = await writeProgram(at('mine'), 'echo temporal 7, the calendar tool');
    await expect(find({ cli })).rejects.toThrow(
      /- CLANCY_TEMPORAL_CLI: .*mine is not a Temporal CLI: .*"temporal 7, the calendar tool"/,
    );
  });

  it('refuses a named one that is missing, broken or too old, and says which', async () => {
    await expect(find({ cli: at('nothing') })).rejects.toThrow(/nothing --version failed: ENOENT/);
    await writeFile(at('broken'), 'not a program', { mode: 0o755 });
    await expect(find({ cli: at('broken') })).rejects.toThrow(/broken --version failed|broken is not a Temporal CLI/);
    const old = await writeProgram(at('old'), answersLikeTheCli.replace('--sqlite-pragma', ''));
    await expect(find({ cli: old })).rejects.toThrow(/old \(server 1\.29\.1\) is too old: it lacks --sqlite-pragma/);
  });

  it('prefers the PATH to the cache, but not with a foreign program', async () => {
    const cached = await writeProgram(cachedCliPath(at('cache')), answersLikeTheCli);
    const onPath = await writeProgram(at('bin', 'temporal'), answersLikeTheCli);
    expect((await find()).path).toBe(onPath);
    await writeProgram(onPath, 'echo something else');
    expect((await find()).path).toBe(cached);
  });

  it('builds one with go when nothing else is there, and finds it in the cache from then on', async () => {
    await writeProgram(at('fake.sh'), answersLikeTheCli);
    await writeProgram(at('bin', 'go'), `cp ${at('fake.sh')} "$GOBIN/temporal"`);
    expect(await find()).toMatchObject({ path: cachedCliPath(at('cache')), source: expect.stringContaining('go install') });
    expect(await find({ path: '/nonexistent' })).toMatchObject({ source: 'the cache' });
  });

  it('replaces a cached program that does not work', async () => {
    await writeProgram(cachedCliPath(at('cache')), 'exit 1');
    await writeProgram(at('fake.sh'), answersLikeTheCli);
    await writeProgram(at('bin', 'go'), `cp ${at('fake.sh')} "$GOBIN/temporal"`);
    expect((await find()).source).toContain('go install');
  });

  it('says of every way why it failed, and what to do', async () => {
    const message = await find({ path: '/nonexistent' }).then(
      () => 'found one',
      (error: unknown) => String(error),
    );
    expect(message).toMatch(/- the PATH: no folder of it holds temporal\n/);
    expect(message).toMatch(/- the cache: .*cache\/temporal\/v1\.5\.1\/temporal does not exist\n/);
    expect(message).toMatch(/- the SDK's download: .*temporal\.download.*\n/);
    expect(message).toMatch(/- go install github\.com\S+@v1\.5\.1: there is no go on the PATH\n/);
    expect(message).toMatch(/set TEMPORAL_ADDRESS/);
  });
});
