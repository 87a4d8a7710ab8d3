import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { silent } from '../../dev/progress.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import { spawnChild, type Child } from '../../dev/processes/spawn-child.ts';
import { listeningUrl } from '../../dev/stack/child-service.ts';
import { post } from '../faults/one-skill.ts';
import { openSite } from '../faults/site.ts';
import type { TestStack } from '../stack/test-stack.ts';
import { build, deploy, nextRelease, startStaging, type BuiltDist } from './staging.ts';

const MINUTES = 60_000;

let first: BuiltDist;
let world: TestStack;
const children: Child[] = [];
beforeAll(async () => {
  first = await build();
  world = await startStaging(first);
}, 10 * MINUTES);
afterAll(async () => {
  for (const child of children) await child.stop();
  await world?.close();
}, 2 * MINUTES);

describe('a build in mode staging', () => {
  test('shows its mode and its waivers', async () => {
    const { urls } = world.stack;
    const api = await (await fetch(`${urls.api}/health`)).json();
    expect(api).toMatchObject({ mode: 'staging', waivers: ['issuers'] });
    const { waivers } = (await (await fetch(`${urls.connecthub}/health`)).json()) as { waivers: string[] };
    expect(waivers.toSorted()).toEqual(['issuers', 'loopback', 'sandbox']);
  });

  test('does no run before a build is the current one, and all of them then', async () => {
    const site = await openSite(world);
    const run = await site.start({ nodes: [post('the first build')] });
    expect(await deploy(world, first, 'status')).toBe(`${first.buildId}  inactive\n`);
    expect((await site.run(run)).finished_at).toBeNull();
    expect(await deploy(world, first, 'current')).toBe(`new runs go to build ${first.buildId}\n`);
    expect(await site.untilEnded(run)).toMatchObject({ status: 'completed' });
    expect((await site.posts()).map(({ text }) => text)).toEqual(['the first build']);
    expect(await buildOf(run)).toBe(first.buildId);
  });

  test(
    'ends runs on the build that they began on, starts new ones on the next, and rolls back',
    async () => {
      const site = await openSite(world);
      const waiting = await site.start({ nodes: [post('asked on the first build')], effect: 'require_approval' });
      await site.untilWaitingOn(waiting, 'approval:');

      const next = await nextRelease(first);
      children.push(await startWorker(next));
      await deploy(world, next, 'current');
      const states = await waitUntil(
        async () => {
          const text = await deploy(world, next, 'status');
          return text.includes('draining') && text;
        },
        { timeoutMs: MINUTES, everyMs: 500, what: 'the first build to drain' },
      );
      expect(states.split('\n')).toEqual([`${next.buildId}  current`, `${first.buildId}  draining`, '']);
      const newer = await site.start({ nodes: [post('on the next build')] });
      expect(await site.untilEnded(newer)).toMatchObject({ status: 'completed' });
      expect(await buildOf(newer)).toBe(next.buildId);

      const { items } = await site.manager.approvals.list({ run_id: waiting, status: 'pending' });
      await site.manager.approvals.approve(items[0]!.approval_id);
      expect(await site.untilEnded(waiting)).toMatchObject({ status: 'completed' });
      expect(await buildOf(waiting)).toBe(first.buildId);
      expect(await buildOf(`${waiting}:skill:work`)).toBe(first.buildId);

      await deploy(world, next, 'current', '--build', first.buildId);
      const after = await site.start({ nodes: [post('rolled back')] });
      expect(await site.untilEnded(after)).toMatchObject({ status: 'completed' });
      expect(await buildOf(after)).toBe(first.buildId);
    },
    4 * MINUTES,
  );

  test('is not made current while no worker of it is up', async () => {
    const none = deploy(world, first, 'current', '--build', 'never-built', '--wait', '1');
    await expect(none).rejects.toMatchObject({ code: 1, stderr: expect.stringContaining('a worker of build never-built') });
  });
});

/** Another copy of the stack's worker, from another build. */
async function startWorker({ dist, buildId }: BuiltDist): Promise<Child> {
  return spawnChild({
    name: `worker of ${buildId}`,
    command: process.execPath,
    args: [join(dist, 'bin/worker.js')],
    env: world.stack.environments.worker,
    cwd: dist,
    logFile: join(world.stack.dir, `${buildId}.log`),
    readyWhen: async (starting) => listeningUrl(await starting.logText()) !== undefined,
    readyTimeoutMs: 2 * MINUTES,
    log: silent,
  });
}

/** The build that Temporal has a workflow pinned to. */
async function buildOf(workflowId: string): Promise<string | null | undefined> {
  const { address, namespace } = world.stack.temporal;
  const connection = await Connection.connect({ address });
  try {
    const execution = { workflowId };
    const { workflowExecutionInfo } = await connection.workflowService.describeWorkflowExecution({ namespace, execution });
    return workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
  } finally {
    await connection.close();
  }
}
