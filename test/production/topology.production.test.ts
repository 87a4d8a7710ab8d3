import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openCache } from '../../dev/cache.ts';
import { databaseUrl, withClient } from '../../dev/postgres/databases.ts';
import type { Postgres } from '../../dev/postgres/postgres.ts';
import { startPostgres } from '../../dev/postgres/start-postgres.ts';
import { makeTempFolder } from '../../dev/processes/temp-folder.ts';
import { silent } from '../../dev/progress.ts';
import { post } from '../faults/one-skill.ts';
import { openSite } from '../faults/site.ts';
import type { TestStack } from '../stack/test-stack.ts';
import { getServer } from './server/get-server.ts';
import { startServer, type TemporalServer } from './server/start-server.ts';
import { build, deploy, startStaging } from './staging.ts';

let folder: Awaited<ReturnType<typeof makeTempFolder>>;
let postgres: Postgres;
let temporal: TemporalServer;
let release: Awaited<ReturnType<typeof build>>;
let world: TestStack;

beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- the entry point of a test run, as bin/ is of a process
  const env = process.env;
  folder = await makeTempFolder('clancy-topology');
  const [files, built] = [await getServer(env), await build()];
  release = built;
  postgres = await startPostgres({
    dir: join(folder.path, 'postgres'),
    cacheDir: await openCache(env),
    path: env['PATH'] ?? '',
    log: silent,
  });
  temporal = await startServer(join(folder.path, 'temporal'), files, postgres);
  await deploy({ address: temporal.address, namespace: 'clancy' }, release, 'prepare');
  world = await startStaging(release, { DATABASE_URL: postgres.url, TEMPORAL_ADDRESS: temporal.address });
  await deploy(world.stack.temporal, release, 'current');
});
afterAll(async () => {
  await world?.close();
  await temporal?.child.stop();
  await postgres?.stop();
  await folder?.remove();
  await release?.remove();
});

describe('the production installation without containers', () => {
  test('runs an employee, asks before it writes, and writes once', async () => {
    const site = await openSite(world);
    const run = await site.start({ nodes: [post('asked and told')], effect: 'require_approval' });
    await site.untilWaitingOn(run, 'approval:');
    const { items } = await site.manager.approvals.list({ run_id: run, status: 'pending' });
    await site.manager.approvals.approve(items[0]!.approval_id);
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect((await site.posts()).map(({ text }) => text)).toEqual(['asked and told']);
  });

  test('goes on where it was when Temporal itself is killed and comes back', async () => {
    const site = await openSite(world);
    const run = await site.start({ nodes: [post('after the fall')], effect: 'require_approval' });
    await site.untilWaitingOn(run, 'approval:');
    temporal.child.kill('SIGKILL');
    await temporal.child.waitForExit();
    const { items } = await site.manager.approvals.list({ run_id: run, status: 'pending' });
    await site.manager.approvals.approve(items[0]!.approval_id);
    await temporal.child.restart();
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect((await site.posts()).map(({ text }) => text)).toEqual(['after the fall']);
  });

  test("leaves nothing of what a run says in Temporal's databases that their reader understands", async () => {
    const site = await openSite(world);
    const canary = 'canary-7f3a91';
    const run = await site.start({ nodes: [post(canary)] });
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    const tables = ['temporal', 'temporal_visibility'].map((database) => tablesWith(database, canary));
    expect((await Promise.all(tables)).flat()).toEqual([]);
    // The search finds what is there: ids are never encrypted.
    expect(await tablesWith('temporal', run)).toContain('history_node');
  });
});

/** Tables of this database in which a row holds this text, as text or within bytes. */
async function tablesWith(database: string, text: string): Promise<string[]> {
  return withClient(databaseUrl(postgres.url, database), async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select table_name as name from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'",
    );
    const found: string[] = [];
    for (const { name } of rows) {
      // A row as text shows bytes in hexadecimal.
      const hits = await client.query(`select 1 from "${name}" t where t::text like any ($1) limit 1`, [
        [`%${text}%`, `%${Buffer.from(text).toString('hex')}%`],
      ]);
      if ((hits.rowCount ?? 0) > 0) found.push(name);
    }
    return found;
  });
}
