import { readdir } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeTempFolder } from '../processes/temp-folder.ts';
import type { TempFolder } from '../processes/temp-folder.ts';
import { formatStep, silent } from '../progress.ts';
import type { Step } from '../progress.ts';
import { answersLikeTheCli, writeProgram } from './fake-cli.ts';
import { goInstall } from './go-install.ts';
import { makeOnce } from './make-once.ts';
import { sdkDownload } from './sdk-download.ts';

let folder: TempFolder;
let lines: string[];
const log = (step: Step) => void lines.push(formatStep(step));

beforeEach(async () => {
  folder = await makeTempFolder('clancy-get');
  lines = [];
});

afterEach(() => folder.remove());

const at = (...names: string[]) => join(folder.path, ...names);

describe('goInstall', { timeout: 30_000 }, () => {
  const install = async (script: string) => {
    await writeProgram(at('bin', 'go'), script);
    const into = at('into');
    await writeProgram(join(into, '.keep'), '');
    const env = { PATH: `${at('bin')}:/usr/bin:/bin`, HOME: folder.path };
    return goInstall({ into, env, log, reportEveryMs: 20 });
  };

  it('reports modules, packages and time while it builds', async () => {
    const asked = 'echo "$@" >&2';
    const made = await install(`${asked}; echo 'go: downloading a v1' >&2; echo net/http >&2; sleep 0.3; : > "$GOBIN/temporal"`);
    expect(made).toBe(at('into', 'temporal'));
    expect(lines[0]).toMatch(/^Building Temporal v1\.5\.1 with go install: about 2 minutes/);
    expect(lines).toContainEqual(expect.stringMatching(/: 1 modules downloaded, 2 packages compiled \(0\.\d s\)$/));
    expect(lines.at(-1)).toMatch(/^Built Temporal v1\.5\.1 in \d/);
  });

  it('shows the end of what go said when it fails', async () => {
    const failing = install(`echo 'no required module provides package' >&2; exit 2`);
    await expect(failing).rejects.toThrow(/go ended with exit code 2; its last lines:\nno required module/);
  });
});

describe('makeOnce', { timeout: 30_000 }, () => {
  it('lets one of several make the program while the others wait for it', async () => {
    let made = 0;
    const make = async (into: string) => {
      made++;
      return writeProgram(join(into, 'temporal'), answersLikeTheCli);
    };
    const target = at('cache', 'temporal');
    const paths = await Promise.all([1, 2, 3].map(() => makeOnce(target, make, log)));
    expect(paths).toEqual([target, target, target]);
    expect(made).toBe(1);
    expect(lines).toContainEqual(expect.stringContaining(`Waiting for process ${process.pid}`));
    expect(await readdir(at('cache'))).toEqual(['temporal']);
  });

  it('keeps nothing of a program that does not work', async () => {
    const make = (into: string) => writeProgram(join(into, 'temporal'), 'exit 1');
    await expect(makeOnce(at('cache', 'temporal'), make, silent)).rejects.toThrow('--version failed');
    expect(await readdir(at('cache'))).toEqual([]);
  });
});

describe('sdkDownload', { timeout: 30_000 }, () => {
  const open = new Set<Socket>();
  let silentProxy: Server;

  /** A network that swallows everything: connections are accepted and never answered. */
  beforeEach(async () => {
    silentProxy = createServer((socket) => void open.add(socket.on('error', () => {})));
    await new Promise<void>((resolve) => silentProxy.listen(0, '127.0.0.1', resolve));
  });

  afterEach(async () => {
    for (const socket of open) socket.destroy();
    await new Promise((resolve) => silentProxy.close(resolve));
  });

  it('gives up on a network that never answers', async () => {
    const { port } = silentProxy.address() as AddressInfo; // a TCP server's address is one
    const into = at('into');
    await writeProgram(join(into, '.keep'), '');
    const env = { PATH: '/usr/bin:/bin', HTTPS_PROXY: `http://127.0.0.1:${port}` };
    await expect(sdkDownload({ into, env, log, stallTimeoutMs: 3_000 })).rejects.toThrow('no answer, given up');
    expect(open.size).toBeGreaterThan(0);
    expect(lines.at(-1)).toMatch(/^Downloading Temporal v1\.5\.1 failed: no answer, given up \(/);
  });
});
