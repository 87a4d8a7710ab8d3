import { Connection } from '@temporalio/client';
import { describe, expect, test } from 'vitest';
import type { Child } from '../../dev/processes/spawn-child.ts';
import { waitUntil } from '../../dev/processes/wait-until.ts';
import type { Temporal } from '../../dev/temporal/temporal.ts';
import { post } from '../faults/one-skill.ts';
import { openSite, type Site } from '../faults/site.ts';
import type { TestStack } from '../stack/test-stack.ts';
import { deploy, nextRelease, startCopy, type BuiltDist } from './staging.ts';

const MINUTES = 60_000;

/** What a deployment promises, tried on an installation whose current build is `release`, and which it is again afterwards. */
export function keepsRunsOnTheirBuild(installation: () => { world: TestStack; release: BuiltDist }): void {
  describe('a new build while runs wait', () => {
    test(
      'ends them on the build that they began on, starts new ones on the next, and rolls back',
      async () => {
        const { world, release: first } = installation();
        const { temporal } = world.stack;
        const site = await openSite(world);
        const waiting = await site.start({ nodes: [post('asked on the first build')], effect: 'require_approval' });
        await site.untilWaitingOn(waiting, 'approval:');
        const failing = await openSite(world);
        const failed = await startRefused(world, failing);
        const scheduled = await schedule(site);

        const next = await nextRelease(first);
        const { child } = await startCopy(world, next, 'worker');
        try {
          await deploy(temporal, next, 'current');
          expect(await untilDraining(temporal, next)).toEqual([
            expect.stringMatching(`^${next.buildId}  current  1 worker, `),
            expect.stringMatching(`^${first.buildId}  draining  \\d+ workers?, `),
            expect.stringMatching('^new runs  \\d+ task'),
            expect.stringMatching('^agent-core  \\d+ workers?, '),
          ]);
          const newer = await site.start({ nodes: [post('on the next build')] });
          expect(await site.untilEnded(newer)).toMatchObject({ status: 'completed' });
          expect(await buildOf(temporal, newer)).toBe(next.buildId);

          // What begins now begins on the current build, whatever it follows from.
          const byItself = await trigger(site, scheduled);
          expect(await site.untilEnded(byItself)).toMatchObject({ status: 'completed' });
          expect(await buildOf(temporal, byItself)).toBe(next.buildId);
          await world.sandbox.clearFaults(failing.team);
          const { run_id: retry } = await failing.manager.runs.retry(failed);
          expect(await failing.untilEnded(retry)).toMatchObject({ status: 'completed' });
          expect([await buildOf(temporal, failed), await buildOf(temporal, retry)]).toEqual([first.buildId, next.buildId]);
          expect((await failing.posts()).map(({ text }) => text)).toEqual(['before the refusal', 'after it']);

          const { items } = await site.manager.approvals.list({ run_id: waiting, status: 'pending' });
          await site.manager.approvals.approve(items[0]!.approval_id);
          expect(await site.untilEnded(waiting)).toMatchObject({ status: 'completed' });
          expect(await buildOf(temporal, waiting)).toBe(first.buildId);
          expect(await buildOf(temporal, `${waiting}:skill:work`)).toBe(first.buildId);
        } finally {
          await rollBack(temporal, next, first, child);
        }
        const after = await site.start({ nodes: [post('rolled back')] });
        expect(await site.untilEnded(after)).toMatchObject({ status: 'completed' });
        expect(await buildOf(temporal, after)).toBe(first.buildId);
      },
      5 * MINUTES,
    );
  });
}

/** A run of which one post was made, and the second refused. */
async function startRefused({ sandbox }: TestStack, site: Site): Promise<string> {
  const fault = { kind: 'error', error: 'not_in_channel', method: 'chat.postMessage', nth: 2, times: 100 } as const;
  await sandbox.inject({ ...fault, team: site.team });
  const run = await site.start({ nodes: [post('before the refusal'), { ...post('after it'), id: 'second' }] });
  expect(await site.untilEnded(run)).toMatchObject({ status: 'failed', error_code: 'provider_refused' });
  return run;
}

async function schedule(site: Site): Promise<string> {
  const employee = await site.hire({ nodes: [post('by itself')] });
  const times = { calendar: { at: ['03:00'], days_of_month: [29] } };
  return (await site.manager.schedules.create({ employee_id: employee, times })).schedule_id;
}

async function trigger({ manager }: Site, scheduleId: string): Promise<string> {
  await manager.schedules.trigger(scheduleId);
  const started = async () => (await manager.schedules.get(scheduleId)).recent[0]?.run_id ?? undefined;
  return waitUntil(started, { timeoutMs: MINUTES, everyMs: 200, what: 'the schedule to start a run' });
}

/** What `deploy status` says of both builds, and of Agent-Core. Temporal looks now and then whether a build drains. */
async function untilDraining(temporal: Temporal, next: BuiltDist): Promise<string[]> {
  const text = await waitUntil(
    async () => {
      const said = await deploy(temporal, next, 'status');
      return said.includes('draining') && said;
    },
    { timeoutMs: MINUTES, everyMs: 500, what: 'the first build to drain' },
  );
  return text.split('\n').slice(0, 4);
}

async function rollBack(temporal: Temporal, next: BuiltDist, first: BuiltDist, worker: Child): Promise<void> {
  await deploy(temporal, next, 'current', '--build', first.buildId);
  await worker.stop();
}

/** The build that Temporal has a workflow pinned to. */
export async function buildOf({ address, namespace }: Temporal, workflowId: string): Promise<string | null | undefined> {
  const connection = await Connection.connect({ address });
  try {
    const execution = { workflowId };
    const { workflowExecutionInfo } = await connection.workflowService.describeWorkflowExecution({ namespace, execution });
    return workflowExecutionInfo?.versioningInfo?.deploymentVersion?.buildId;
  } finally {
    await connection.close();
  }
}
