import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort, isPortFree } from './free-port.ts';
import { stickyPort } from './sticky-port.ts';
import { makeTempFolder } from './temp-folder.ts';
import type { TempFolder } from './temp-folder.ts';

let folder: TempFolder;
const taken = createServer();

beforeEach(async () => {
  folder = await makeTempFolder('clancy-port');
  await new Promise<void>((resolve) => taken.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await new Promise((resolve) => taken.close(resolve));
  await folder.remove();
});

const takenPort = () => (taken.address() as AddressInfo).port; // a TCP server's address is one

describe('freePort', () => {
  it('never gives a port twice, nor one that outgoing connections use', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, freePort));
    expect(new Set(ports).size).toBe(50);
    expect(Math.max(...ports)).toBeLessThan(32_768);
    expect(Math.min(...ports)).toBeGreaterThan(1_023);
  });

  it('tells a free port from one that is listened on', async () => {
    expect(await isPortFree(takenPort())).toBe(false);
    expect(await isPortFree(await freePort())).toBe(true);
  });
});

describe('stickyPort', () => {
  it('gives the same port again', async () => {
    const file = join(folder.path, 'port');
    const port = await stickyPort(file);
    expect(await stickyPort(file)).toBe(port);
  });

  it('gives and remembers another one when somebody took it', async () => {
    const file = join(folder.path, 'port');
    await writeFile(file, String(takenPort()));
    const port = await stickyPort(file);
    expect(port).not.toBe(takenPort());
    expect(await readFile(file, 'utf8')).toBe(String(port));
  });

  it.each(['', '80', '99999', 'x'])('does not believe a file that holds "%s"', async (text) => {
    const file = join(folder.path, 'port');
    await writeFile(file, text);
    expect(await stickyPort(file)).toBeGreaterThan(1_023);
  });
});
