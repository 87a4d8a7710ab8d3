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

/** `DESCRIBE_TASK_QUEUE_MODE_ENHANCED`: the only one that tells of one build's own tasks (server 1.29.1). */
const OF_VERSIONS = 1;

/** The tasks that only this build may take: those of runs that are bound to it. */
export async function loadOfBuild(
  connection: DeploymentConnection,
  { namespace, name: deploymentName }: Deployment,
  buildId: string,
  nowMs: number,
): Promise<QueueLoad> {
  const deploymentVersion = { deploymentName, buildId };
  const { versionTaskQueues } = await connection.workflowService.describeWorkerDeploymentVersion({
    namespace,
    deploymentVersion,
  });
  const names = new Set(versionTaskQueues?.flatMap(({ name }) => (name ? [name] : [])));
  const version = `${deploymentName}:${buildId}`;
  const described = await Promise.all([...names].map((name) => describeVersion(connection, namespace, name, version)));
  return loadOf(described.flat(), nowMs);
}

/** The tasks of a queue that belong to no build: those of new runs, and all where workers have no builds. */
export async function loadOfQueue(
  connection: DeploymentConnection,
  namespace: string,
  taskQueue: string,
  nowMs: number,
): Promise<QueueLoad> {
  const ask = (taskQueueType: (typeof TYPES)[number]) =>
    connection.workflowService.describeTaskQueue({
      namespace,
      taskQueue: { name: taskQueue },
      // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- the enum is of a package that comes with the SDK only
      taskQueueType,
      reportStats: true,
    });
  return loadOf(await Promise.all(TYPES.map(ask)), nowMs);
}

async function describeVersion(connection: DeploymentConnection, namespace: string, name: string, version: string) {
  const { versionsInfo } = await connection.workflowService.describeTaskQueue({
    namespace,
    taskQueue: { name },
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- as above
    apiMode: OF_VERSIONS,
    // oxlint-disable-next-line typescript/no-unsafe-enum-assignment -- as above
    taskQueueTypes: [...TYPES],
    versions: { buildIds: [version] },
    reportStats: true,
    reportPollers: true,
  });
  return Object.values(versionsInfo?.[version]?.typesInfo ?? {});
}

interface Described {
  readonly stats?: { approximateBacklogCount?: unknown; approximateBacklogAge?: Seconds } | null;
  readonly pollers?: readonly { identity?: string | null; lastAccessTime?: Seconds }[] | null;
}

function loadOf(described: readonly Described[], nowMs: number): QueueLoad {
  const stats = described.map((queue) => queue.stats);
  return {
    workers: countAsking(
      described.flatMap(({ pollers }) => pollers ?? []),
      nowMs,
    ),
    waiting: stats.reduce((sum, one) => sum + Number(one?.approximateBacklogCount ?? 0), 0),
    oldestMs: Math.max(0, ...stats.map((one) => toMs(one?.approximateBacklogAge))),
  };
}

type Seconds = { readonly seconds?: unknown } | null | undefined;

/** The same worker asks for workflows and for activities. */
function countAsking(pollers: NonNullable<Described['pollers']>, nowMs: number): number {
  const asking = pollers.filter(({ lastAccessTime }) => nowMs - toMs(lastAccessTime) < ASKED_LATELY_MS);
  return new Set(asking.map(({ identity }) => identity)).size;
}

function toMs(time: Seconds): number {
  return Number(time?.seconds ?? 0) * 1_000;
}
