import { expect, test } from 'vitest';
import { createMetrics } from '../../platform/metrics/metrics.ts';
import { parseExposition } from '../../test/metrics/exposition.ts';
import { addEngineFigures, type EngineFigureDeps } from './engine-figures.ts';

// Numbers of Temporal's API (`WorkerDeploymentVersionStatus`).
const [CURRENT, DRAINING, DRAINED] = [2, 4, 5];
const statsOf = (count: number, seconds: number) => ({
  approximateBacklogCount: count,
  approximateBacklogAge: { seconds },
});
const poller = (identity: string, buildId: string) => ({
  identity,
  deploymentOptions: { buildId },
  lastAccessTime: { seconds: Date.now() / 1_000 },
});

interface Answers {
  builds?: { id: string; status: number; count: number; seconds: number }[];
  pollers?: ReturnType<typeof poller>[];
  waiting?: (query: string) => number;
  isAway?: boolean;
}

/** Temporal's answers, as far as they are read, and how often it was asked. */
function engine({ builds = [], pollers = [], waiting = () => 0, isAway = false }: Answers) {
  let asked = 0;
  const versionSummaries = builds.map(({ id, status }) => ({ deploymentVersion: { buildId: id }, status }));
  const workflowService = {
    describeWorkerDeployment: async () => ({ workerDeploymentInfo: { versionSummaries } }),
    describeWorkerDeploymentVersion: async () => ({ versionTaskQueues: [{ name: 'agent-workers' }] }),
    describeTaskQueue: async ({ versions }: { versions?: { buildIds: string[] } }) => {
      if (!versions) return { pollers, stats: statsOf(1, 7) };
      const [name = ''] = versions.buildIds;
      const build = builds.find(({ id }) => name === `workers:${id}`)!;
      const own = pollers.filter(({ deploymentOptions }) => deploymentOptions.buildId === build.id);
      return { versionsInfo: { [name]: { typesInfo: { 1: { pollers: own, stats: statsOf(build.count, build.seconds) } } } } };
    },
  };
  const withDeadline = async (_at: number, work: () => Promise<unknown>) => {
    asked += 1;
    if (isAway) throw new Error('away');
    return work();
  };
  const client = { workflow: { count: async (query: string) => ({ count: waiting(query) }) } };
  const deps = { connection: { workflowService, withDeadline }, client, deployment: { namespace: 'clancy', name: 'workers' } };
  return { deps: deps as unknown as EngineFigureDeps, asked: () => asked };
}

function scraped({ deps }: ReturnType<typeof engine>) {
  const metrics = createMetrics({ version: '1', mode: 'staging' });
  addEngineFigures(metrics, deps);
  return async () => parseExposition(await metrics.text());
}

const workers = { queue: 'agent-workers' };

test('where workers belong to builds, those that still have runs count together, and drained ones do not', async () => {
  const builds = [
    { id: 'new', status: CURRENT, count: 2, seconds: 30 },
    { id: 'old', status: DRAINING, count: 3, seconds: 90 },
    { id: 'gone', status: DRAINED, count: 50, seconds: 900 },
  ];
  const said = await scraped(engine({ builds, pollers: [poller('1@a', 'new'), poller('2@a', 'old'), poller('3@a', 'gone')] }))();
  expect(said.value('clancy_task_queue_workers', workers)).toBe(2);
  // Two and three of the builds, and the first tasks of new runs, which are no build's yet: one for each of the two kinds.
  expect(said.value('clancy_task_queue_backlog', workers)).toBe(7);
  expect(said.value('clancy_task_queue_backlog_age_seconds', workers)).toBe(90);
});

test('where they belong to none, the queue itself is asked', async () => {
  const said = await scraped(engine({ pollers: [poller('1@a', '')] }))();
  expect(said.value('clancy_task_queue_workers', workers)).toBe(1);
  expect(said.value('clancy_task_queue_backlog_age_seconds', workers)).toBe(7);
});

test('workflows are counted by each word that they may wait on', async () => {
  const said = await scraped(engine({ waiting: (query) => (query.includes("WaitingOn = 'timer'") ? 4 : 0) }))();
  expect(said.value('clancy_workflows_waiting', { on: 'timer' })).toBe(4);
  expect(said.value('clancy_workflows_waiting', { on: 'model' })).toBe(0);
});

test('Temporal is asked once for many scrapes; while it is away its figures are absent, and that counts', async () => {
  const there = engine({});
  const scrape = scraped(there);
  await scrape();
  await scrape();
  expect(there.asked()).toBe(1);
  const away = scraped(engine({ isAway: true }));
  await away();
  const said = await away();
  expect(said.series('clancy_task_queue_workers')).toEqual([]);
  expect(said.value('clancy_scrape_errors_total', { source: 'temporal' })).toBeGreaterThan(0);
});
