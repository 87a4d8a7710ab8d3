import { readFile } from 'node:fs/promises';
import { beforeAll, describe, expect, test } from 'vitest';
import type { ClancyClient } from '../../cli/client/clancy-client.ts';
import { withClient } from '../../dev/postgres/databases.ts';
import { openJudge, type Judge } from '../end-to-end/judge.ts';
import type { TestOrg, TestStack } from '../stack/test-stack.ts';
import { untilAsked, untilEnded } from '../until.ts';

const JOB = new URL('../../examples/receivables-assistant.md', import.meta.url);

/** Its tests go on from each other. */
export function rollsBack(world: () => TestStack): void {
  describe('a rollback while runs are under way', { timeout: 120_000 }, () => {
    let org: TestOrg;
    let manager: ClancyClient;
    let judge: Judge;
    let employee: string;
    const quiet = { schedules: 'off', subscriptions: 'off' } as const;
    const start = async () => (await manager.runs.start(employee)).run_id;
    const approveAll = async (run: string) => {
      const asked = await untilAsked(org.as('approver'), run, 3);
      const yes = asked.map(({ approval_id }) => ({ approval_id, decision: 'approved' as const }));
      await org.as('approver').approvals.decide(yes, run);
    };
    const asOwner = (query: string, values: unknown[]) =>
      withClient(world().stack.databases.owner, (owner) => owner.query(query, values));

    beforeAll(async () => {
      org = world().newOrg();
      manager = org.as('admin');
      const jobDescription = await readFile(JOB, 'utf8');
      const draft = await manager.employees.create({ jobDescription });
      employee = draft.employee_id;
      judge = openJudge(world().sandbox, await org.connectAll(draft.definition.capabilities));
      await manager.employees.activate(employee, quiet);
      const revised = { jobDescription: jobDescription.replaceAll('#finance', '#general') };
      expect(await manager.employees.revise(employee, revised)).toMatchObject({ version: 2 });
      expect(await manager.employees.activate(employee, { version: 2, ...quiet })).toMatchObject({ active_version: 2 });
    });

    test('lets them end on their own version, and new ones start on the old one', async () => {
      const { sandbox } = world();
      const { channels } = await sandbox.createTeam(judge.accounts.slack);
      const channelOf = (name: string) => channels.find((one) => one.name === name)?.id;
      // Nothing is posted before the rollback.
      const patience = { team: judge.accounts.slack, method: 'chat.postMessage', times: 1_000, retry_after: 1 };
      await sandbox.inject({ ...patience, kind: 'status', status: 429 });
      const underWay = await start();
      await untilAsked(org.as('approver'), underWay, 3);
      expect(await manager.employees.activate(employee, { version: 1, ...quiet })).toMatchObject({ active_version: 1 });
      const later = await start();
      expect(await judge.effects()).toEqual([]);
      await sandbox.clearFaults(judge.accounts.slack);
      await Promise.all([approveAll(underWay), approveAll(later)]);
      expect(await untilEnded(manager, underWay)).toMatchObject({ status: 'completed', version: 2 });
      expect(await untilEnded(manager, later)).toMatchObject({ status: 'completed', version: 1 });
      const posts = new Set((await judge.posts()).map(({ channel }) => channel));
      expect(posts).toEqual(new Set([channelOf('finance'), channelOf('general')]));
      expect(await judge.mails()).toHaveLength(6);
    });

    test('does not help a version whose content was changed: nothing starts or goes on with it', async () => {
      const run = await start();
      await untilAsked(org.as('approver'), run, 3);
      await manager.runs.cancel(run);
      await untilEnded(manager, run);
      const changed = `update core.employee_versions set definition = jsonb_set(definition, '{graph,nodes,0,title}', '"Another"')
        where employee_id = $1 and version = 1`;
      await asOwner(changed, [employee]);
      const refused = { problem: { status: 409, code: 'content_mismatch' } };
      await expect(start()).rejects.toMatchObject(refused);
      await expect(manager.runs.retry(run)).rejects.toMatchObject(refused);
      await expect(manager.runs.runAgain(run)).rejects.toMatchObject(refused);
      await expect(manager.employees.activate(employee, { version: 1, ...quiet })).rejects.toMatchObject(refused);
      await expect(manager.rehearsals.start(employee, 1, { input: {} })).rejects.toMatchObject(refused);
      expect(await manager.employees.activate(employee, { version: 2, ...quiet })).toMatchObject({ active_version: 2 });
    });
  });
}
