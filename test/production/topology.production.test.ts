import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { databaseUrl, withClient } from '../../dev/postgres/databases.ts';
import { tellsTheWholeStory } from '../end-to-end/whole-product.ts';
import { post } from '../faults/one-skill.ts';
import { ticketsOf } from '../encryption/temporal-database.ts';
import { openSite } from '../faults/site.ts';
import { keepsRunsOnTheirBuild } from './builds.ts';
import { endsInGoodOrder } from './load/ends-in-good-order.ts';
import { startTopology, type Topology } from './topology.ts';

let topology: Topology;
beforeAll(async () => {
  // oxlint-disable-next-line node/no-process-env -- the entry point of a test run, as bin/ is of a process
  topology = await startTopology(process.env);
});
afterAll(() => topology?.close());

tellsTheWholeStory(() => topology.world);
endsInGoodOrder(() => topology);
keepsRunsOnTheirBuild(() => topology);

describe('the production installation without containers', () => {
  test('goes on where it was when Temporal itself is killed and comes back', async () => {
    const site = await openSite(topology.world);
    const run = await site.start({ nodes: [post('after the fall')], effect: 'require_approval' });
    await site.untilWaitingOn(run, 'approval:');
    topology.temporal.child.kill('SIGKILL');
    await topology.temporal.child.waitForExit();
    const { items } = await site.manager.approvals.list({ run_id: run, status: 'pending' });
    await site.manager.approvals.approve(items[0]!.approval_id);
    await topology.temporal.child.restart();
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect((await site.posts()).map(({ text }) => text)).toEqual(['after the fall']);
  });

  test("leaves nothing of what a run says in Temporal's databases that their reader understands", async () => {
    const site = await openSite(topology.world);
    const canary = 'canary-7f3a91';
    const ticket = await ticketsOf(topology.world);
    const run = await site.start({ nodes: [post(canary)] });
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    const failing = await site.start({ nodes: [{ id: 'burst', kind: 'transform', expression: `$error("${canary}")` }] });
    expect((await site.untilEnded(failing)).result?.error).toContain(canary);
    for (const database of ['temporal', 'temporal_visibility']) {
      for (const text of [canary, ticket.value]) expect(await tablesWith(database, text)).toEqual([]);
    }
    // The search finds what is there: ids are never encrypted.
    expect(await tablesWith('temporal', run)).toContain('history_node');
  });
});

/** Tables of this database in which a row holds this text, as text or within bytes. */
async function tablesWith(database: string, text: string): Promise<string[]> {
  return withClient(databaseUrl(topology.postgres.url, database), async (client) => {
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
