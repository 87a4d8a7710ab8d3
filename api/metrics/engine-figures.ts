import type { Client, Connection } from '@temporalio/client';
import { TASK_QUEUES } from '../../contracts/run.ts';
import type { Metrics } from '../../platform/metrics/metrics.ts';
import { sharedAnswer } from '../../platform/metrics/shared-answer.ts';
import { listVersions, type Deployment } from '../../platform/temporal/deployments.ts';
import { loadOfBuild, loadOfQueue, type QueueLoad } from '../../platform/temporal/queues.ts';
import { SEARCH_ATTRIBUTES } from '../temporal/search-attributes.ts';

export interface EngineFigureDeps {
  connection: Connection;
  client: Client;
  /** Of the workers. */
  deployment: Deployment;
}

/** Temporal allows ten questions about many workflows a second; people's lists need them more. */
const KEEP_MS = 15_000;
const TIMEOUT_MS = 3_000;

/**
 * The words of `WaitingOn` that name nobody: each is counted by a question of its own. Approvals, receipts and providers stand
 * there with their ids; the databases count those.
 */
const WAITS = ['timer', 'model', 'connecthub', 'agent-core', 'budget', 'quota'] as const;
const QUEUES = [TASK_QUEUES.workers, TASK_QUEUES.agentCore] as const;
/** Builds to which Temporal still hands tasks. */
const AT_WORK: ReadonlySet<string> = new Set(['current', 'ramping', 'draining']);

/** What is asked of Temporal, now and then, when somebody scrapes. */
export function addEngineFigures(metrics: Metrics, deps: EngineFigureDeps): void {
  const waiting = metrics.gauge({
    name: 'clancy_workflows_waiting',
    help: 'Open workflows (runs and their skills) that say that they wait on this.',
    labels: { on: WAITS },
  });
  const queue = { labels: { queue: QUEUES } };
  const workers = metrics.gauge({
    ...queue,
    name: 'clancy_task_queue_workers',
    help: 'Workers that have asked the queue for work within the last 70 seconds; of agent-core: copies of Agent-Core.',
  });
  const backlog = metrics.gauge({
    ...queue,
    name: 'clancy_task_queue_backlog',
    help: 'Tasks that no worker has taken yet, of all builds that still have runs. Temporal calls it approximate.',
  });
  const age = metrics.gauge({
    ...queue,
    name: 'clancy_task_queue_backlog_age_seconds',
    help: 'For how long the first task of the queue has waited; 0 = none waits.',
  });
  const ask = sharedAnswer(() => deps.connection.withDeadline(Date.now() + TIMEOUT_MS, () => read(deps)), KEEP_MS);
  metrics.beforeScrape({
    name: 'temporal',
    refresh: async () => {
      const { loads, waits } = await ask();
      for (const [on, count] of waits) waiting.set({ on }, count);
      for (const [name, load] of loads) {
        workers.set({ queue: name }, load.workers);
        backlog.set({ queue: name }, load.waiting);
        age.set({ queue: name }, load.oldestMs / 1_000);
      }
    },
    clear: () => [waiting, workers, backlog, age].forEach((gauge) => gauge.clear()),
  });
}

async function read(deps: EngineFigureDeps) {
  const { connection, deployment } = deps;
  const loads: [string, QueueLoad][] = [
    [TASK_QUEUES.workers, await loadOfWorkers(deps)],
    [TASK_QUEUES.agentCore, await loadOfQueue(connection, deployment.namespace, TASK_QUEUES.agentCore, Date.now())],
  ];
  const waits: [string, number][] = [];
  for (const on of WAITS) waits.push([on, await countWaiting(deps.client, on)]);
  return { loads, waits };
}

/** What belongs to no build, the first tasks of new runs, and what each build has of its own. */
async function loadOfWorkers({ connection, deployment }: EngineFigureDeps): Promise<QueueLoad> {
  const builds = (await listVersions(connection, deployment)).filter(({ state }) => AT_WORK.has(state));
  const fresh = await loadOfQueue(connection, deployment.namespace, TASK_QUEUES.workers, Date.now());
  const loads: QueueLoad[] = [];
  for (const { buildId } of builds) loads.push(await loadOfBuild(connection, deployment, buildId, Date.now()));
  if (loads.length === 0) return fresh;
  return {
    workers: loads.reduce((sum, { workers }) => sum + workers, 0),
    waiting: loads.reduce((sum, { waiting }) => sum + waiting, fresh.waiting),
    oldestMs: Math.max(fresh.oldestMs, ...loads.map(({ oldestMs }) => oldestMs)),
  };
}

async function countWaiting(client: Client, on: (typeof WAITS)[number]): Promise<number> {
  const query = `ExecutionStatus = 'Running' AND ${SEARCH_ATTRIBUTES.waitingOn.name} = '${on}'`;
  return (await client.workflow.count(query)).count;
}
