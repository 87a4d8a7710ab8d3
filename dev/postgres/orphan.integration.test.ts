import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { guardianOf, startDoomedParent, survivors } from '../processes/doomed-parent.ts';
import type { DoomedParent } from '../processes/doomed-parent.ts';
import { findProcess } from '../processes/process-table.ts';
import { makeTempFolder } from '../processes/temp-folder.ts';
import type { TempFolder } from '../processes/temp-folder.ts';
import { formatStep } from '../progress.ts';
import { withClient } from './databases.ts';
import type { Postgres } from './postgres.ts';
import { startPostgres } from './start-postgres.ts';

let folder: TempFolder;
let parent: DoomedParent;
let successor: Postgres | undefined;
let options: { dir: string; cacheDir: string; path: string };

beforeEach(async () => {
  folder = await makeTempFolder('clancy-pg-orphan');
  options = { dir: join(folder.path, 'pg'), cacheDir: join(tmpdir(), 'clancy-test-cache'), path: '/usr/bin:/bin' };
  parent = await startDoomedParent(
    folder.path,
    `import { startPostgres } from ${JSON.stringify(new URL('start-postgres.ts', import.meta.url).href)};
    import { withClient } from ${JSON.stringify(new URL('databases.ts', import.meta.url).href)};
    const { url, pid } = await startPostgres({ ...${JSON.stringify(options)}, log: () => {} });
    await withClient(url, (client) => client.query('CREATE TABLE kept AS SELECT 42 AS n'));
    console.log('url', url, 'pid', pid, 'ready');
    setInterval(() => {}, 1000);`,
  );
}, 60_000);

afterEach(async () => {
  await successor?.stop();
  await parent.stop();
  await folder.remove();
});

async function startSuccessor(): Promise<{ postgres: Postgres; lines: string[] }> {
  const lines: string[] = [];
  successor = await startPostgres({ ...options, log: (step) => lines.push(formatStep(step)) });
  return { postgres: successor, lines };
}

const readKept = (url: string) =>
  withClient(url, async (client) => (await client.query<{ n: number }>('SELECT n FROM kept')).rows[0]?.n);

describe('PostgreSQL whose parent is killed', { timeout: 60_000 }, () => {
  it('ends by itself and is found in order by the next start', async () => {
    const [url, pid] = await parent.printed(/url (\S+) pid (\d+) ready/);
    parent.kill('SIGKILL');
    expect(await survivors([Number(pid)])).toEqual([]);
    const { postgres } = await startSuccessor();
    expect(postgres.url).toBe(url);
    expect(await readKept(postgres.url)).toBe(42);
  });

  it('is stopped by the next start when the guardian was killed with the parent', async () => {
    const [url, pid] = await parent.printed(/url (\S+) pid (\d+) ready/);
    // Both stand still before either dies, so that neither can act on the other's death.
    const guardian = (await guardianOf(parent)) ?? 0;
    parent.kill('SIGSTOP');
    process.kill(guardian, 'SIGKILL');
    parent.kill('SIGKILL');
    expect(await survivors([guardian, parent.pid])).toEqual([]);
    expect(await findProcess(Number(pid))).toBeDefined();
    const { postgres, lines } = await startSuccessor();
    expect(lines).toContain(`Stopped PostgreSQL (process ${pid}), left running by an earlier start`);
    expect(postgres.url).toBe(url);
    expect(await readKept(postgres.url)).toBe(42);
  });
});

describe('PostgreSQL that is killed', { timeout: 60_000 }, () => {
  it('starts again although a session of the old server is still computing', async () => {
    parent.kill('SIGTERM');
    await parent.waitForExit();
    const { postgres } = await startSuccessor();
    const busy = withClient(postgres.url, (client) =>
      client.query(`SELECT count(*), 'busy' FROM generate_series(1, 8000000)`),
    ).catch(() => undefined);
    await withClient(postgres.url, async (client) => {
      const isBusy = `SELECT 1 FROM pg_stat_activity WHERE query LIKE '%busy%' AND state = 'active' AND pid <> pg_backend_pid()`;
      while ((await client.query(isBusy)).rowCount === 0);
    });
    postgres.kill('SIGKILL');
    await postgres.restart();
    expect(await readKept(postgres.url)).toBe(42);
    await busy;
  });
});
