import { expect, it } from 'vitest';
import type { DeploymentConnection } from './deployments.ts';
import { loadOfBuild, loadOfQueue } from './queues.ts';

const NOW_MS = 1_000_000_000;
const poller = (identity: string, askedAgoMs: number) => ({
  identity,
  lastAccessTime: { seconds: (NOW_MS - askedAgoMs) / 1_000 },
});
const stats = (count: number, seconds: number) => ({
  approximateBacklogCount: count,
  approximateBacklogAge: { seconds },
});

/** Temporal's answers, as far as they are read; `pollers` are those of build b1. */
function connectionTo(pollers: readonly object[]): DeploymentConnection {
  const typesInfo = { 1: { pollers, stats: stats(3, 40) }, 2: { pollers, stats: stats(2, 90) } };
  const workflowService = {
    describeWorkerDeploymentVersion: async () => ({
      versionTaskQueues: [{ name: 'agent-workers' }, { name: 'agent-workers' }],
    }),
    describeTaskQueue: async ({ apiMode }: { apiMode?: number }) =>
      apiMode === 1 ? { versionsInfo: { 'workers:b1': { typesInfo } } } : { pollers, stats: stats(1, 5) },
  };
  return { workflowService } as unknown as DeploymentConnection;
}

const deployment = { namespace: 'clancy', name: 'workers' };

it('counts the workers of a build that ask for work, each once, and adds up what waits for it', async () => {
  const pollers = [poller('1@a', 30_000), poller('2@a', 61_000)];
  const load = await loadOfBuild(connectionTo(pollers), deployment, 'b1', NOW_MS);
  expect(load).toEqual({ workers: 2, waiting: 5, oldestMs: 90_000 });
});

it('counts no worker that has not asked for longer than a poll lasts: Temporal remembers it for minutes', async () => {
  const load = await loadOfBuild(connectionTo([poller('1@a', 75_000)]), deployment, 'b1', NOW_MS);
  expect(load.workers).toBe(0);
});

it('tells of a queue without builds', async () => {
  const load = await loadOfQueue(connectionTo([poller('1@a', 0)]), 'clancy', 'agent-core', NOW_MS);
  expect(load).toEqual({ workers: 1, waiting: 2, oldestMs: 5_000 });
});
