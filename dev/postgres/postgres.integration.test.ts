import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeTempFolder } from '../processes/temp-folder.ts';
import type { TempFolder } from '../processes/temp-folder.ts';
import { findProcess } from '../processes/process-table.ts';
import { formatStep } from '../progress.ts';
import { createDatabase, databaseUrl, dropDatabase, withClient } from './databases.ts';
import type { Postgres } from './postgres.ts';
import { startPostgres } from './start-postgres.ts';

let folder: TempFolder;
let server: Postgres;
const lines: string[] = [];

const start = (more: { databaseUrl?: string } = {}) =>
  startPostgres({
    dir: join(folder.path, 'postgres'),
    cacheDir: join(tmpdir(), 'clancy-test-cache'),
    path: '/usr/bin:/bin',
    log: (step) => lines.push(formatStep(step)),
    ...more,
  });

beforeAll(async () => {
  folder = await makeTempFolder('clancy-postgres');
  server = await start();
}, 60_000);

afterAll(async () => {
  await server.stop();
  await folder.remove();
});

const one = async (url: string, statement: string): Promise<unknown> => {
  const row: unknown = await withClient(
    url,
    async (client) => (await client.query({ text: statement, rowMode: 'array' })).rows[0],
  );
  return Array.isArray(row) ? row[0] : undefined;
};

describe('an embedded PostgreSQL', { timeout: 60_000 }, () => {
  it('says what it started and how long that took', () => {
    expect(lines.at(-1)).toMatch(/^PostgreSQL \d+\.\d+ \(embedded\) started in \d+\.\d s$/);
  });

  it('gives a superuser and stores UTF-8', async () => {
    expect(await one(server.url, `SELECT current_setting('is_superuser') || upper('ö') || '€'`)).toBe('onö€');
    expect(await one(server.url, 'SHOW server_encoding')).toBe('UTF8');
  });

  it('listens on the loopback address only and asks for its random password', async () => {
    expect(await one(server.url, 'SHOW listen_addresses')).toBe('127.0.0.1');
    const guess = new URL(server.url);
    guess.password = 'password';
    await expect(one(guess.href, 'SELECT 1')).rejects.toThrow('password authentication failed');
  });

  it('is durable unless told otherwise', async () => {
    expect(await one(server.url, 'SHOW fsync')).toBe('on');
  });

  it('makes a database from a template and drops it under open connections', async () => {
    const template = await createDatabase(server.url, 'template "a"');
    await withClient(template, (client) => client.query('CREATE TABLE t AS SELECT 7 AS n'));
    const copy = await createDatabase(server.url, 'copy', 'template "a"');
    await withClient(copy, async (client) => {
      expect((await client.query('SELECT n FROM t')).rows).toEqual([{ n: 7 }]);
      await dropDatabase(server.url, 'copy');
    });
    await expect(one(copy, 'SELECT 1')).rejects.toThrow('does not exist');
  });

  it('loses nothing that was committed when it is killed, and comes back at the same address', async () => {
    await withClient(server.url, (client) => client.query('CREATE TABLE kept AS SELECT 1 AS n'));
    const pid = server.pid;
    server.kill('SIGKILL');
    await server.restart();
    expect(server.pid).not.toBe(pid);
    expect(await one(server.url, 'SELECT n FROM kept')).toBe(1);
  });

  it('refuses a folder that is already in use', async () => {
    await expect(start()).rejects.toThrow(/is in use by process \d+/);
  });

  it('keeps address and data over a stop and a start', async () => {
    const { url, pid } = server;
    await withClient(url, (client) => client.query('CREATE TABLE stays AS SELECT 2 AS n'));
    await server.stop();
    expect(await findProcess(pid ?? 0)).toBeUndefined();
    server = await start();
    expect(server.url).toBe(url);
    expect(await one(url, 'SELECT n FROM stays')).toBe(2);
  });

  it('yields to a real server', async () => {
    const existing = await start({ databaseUrl: server.url });
    expect(existing).toMatchObject({ url: server.url, pid: undefined });
    await existing.stop();
    expect(await one(server.url, 'SELECT 1')).toBe(1);
  });

  it('says that a real server does not answer', async () => {
    const nobody = start({ databaseUrl: 'postgres://postgres:x@127.0.0.1:1/postgres' });
    await expect(nobody).rejects.toThrow(/DATABASE_URL does not answer: .*ECONNREFUSED/);
  });
});

describe('databaseUrl', () => {
  it('keeps everything but the name', () => {
    expect(databaseUrl('postgres://u:p%40@h:1/postgres?sslmode=require', 'a b')).toBe(
      'postgres://u:p%40@h:1/a%20b?sslmode=require',
    );
  });
});
