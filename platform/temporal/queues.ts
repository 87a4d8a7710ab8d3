import type { Deployment, DeploymentConnection } from './deployments.ts';

/** What stands before a queue, and who takes it away. */
export interface QueueLoad {
  /** Workers that have asked for work lately. */
  readonly workers: number;
  /** Tasks that nobody has taken yet, of workflows and activities together; Temporal calls the number approximate. */
  readonly waiting: number;
  /** How long the first of them has waited. */
  readonly oldestMs: number;
}

/** `TASK_QUEUE_TYPE_WORKFLOW` and `TASK_QUEUE_TYPE_ACTIVITY` of Temporal's API. */
const TYPES = [1, 2] as const;
/** A worker asks again after a minute at the latest; Temporal itself remembers one for five. */
const ASKED_LATELY_MS = 70_000;

/** The queues of one build. */
export async function loadOfBuild(
  connection: DeploymentConnection,
  { namespace, name: deploymentName }: Deployment,
  buildId: string,
  nowMs: number,
): Promise<QueueLoad> {
  const deploymentVersion = { deploymentName, buildId };
  const described = await connection.workflowService.describeWorkerDeploymentVersion({
    namespace,
    deploymentVersion,
    reportTaskQueueStats: true,
  });
  const queues = described.versionTaskQueues ?? [];
  const names = [...new Set(queues.flatMap(({ name }) => (name ? [name] : [])))];
  const pollers = await Promise.all(names.map((name) => pollersOf(connection, namespace, name)));
  return {
    ...backlogOf(queues.map(({ stats }) => stats)),
    workers: countAsking(
      pollers.flat().filter(({ deploymentOptions: of }) => of?.buildId === buildId),
      nowMs,
    ),
  };
}

/** A queue whose workers belong to no build. */
export async function loadOfQueue(
  connection: DeploymentConnection,
  namespace: string,
  taskQueue: string,
  nowMs: number,
): Promise<QueueLoad> {
  const described = await describe(connection, namespace, taskQueue);
  const pollers = described.flatMap((queue) => queue.pollers ?? []);
  return { ...backlogOf(described.map(({ stats }) => stats)), workers: countAsking(pollers, nowMs) };
}

async function pollersOf(connection: DeploymentConnection, namespace: string, taskQueue: string) {
  return (await describe(connection, namespace, taskQueue)).flatMap((queue) => queue.pollers ?? []);
}

function describe(connection: DeploymentConnection, namespace: string, name: string) {
  const ask = (taskQueueType: (typeof TYPES)[number]) =>
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the enum is of a package that comes with the SDK only
    connection.workflowService.describeTaskQueue({ namespace, taskQueue: { name }, taskQueueType, reportStats: true });
  return Promise.all(TYPES.map(ask));
}

type Seconds = { readonly seconds?: unknown } | null | undefined;

function backlogOf(
  stats: readonly ({ approximateBacklogCount?: unknown; approximateBacklogAge?: Seconds } | null | undefined)[],
): Pick<QueueLoad, 'waiting' | 'oldestMs'> {
  const waiting = stats.reduce((sum, one) => sum + Number(one?.approximateBacklogCount ?? 0), 0);
  return { waiting, oldestMs: Math.max(0, ...stats.map((one) => toMs(one?.approximateBacklogAge))) };
}

/** The same worker asks for workflows and for activities. */
function countAsking(pollers: readonly { identity?: string | null; lastAccessTime?: Seconds }[], nowMs: number): number {
  const asking = pollers.filter(({ lastAccessTime }) => nowMs - toMs(lastAccessTime) < ASKED_LATELY_MS);
  return new Set(asking.map(({ identity }) => identity)).size;
}

function toMs(time: Seconds): number {
  return Number(time?.seconds ?? 0) * 1_000;
}
