import { hostname } from 'node:os';
import type { Connection } from '@temporalio/client';

export type DeploymentConnection = Pick<Connection, 'workflowService'>;

/** Temporal's words, by the numbers of its API (`WorkerDeploymentVersionStatus`). */
const STATES = ['unknown', 'inactive', 'current', 'ramping', 'draining', 'drained', 'created'] as const;

export interface DeployedVersion {
  readonly buildId: string;
  /** `draining`: runs of this build are still open, its workers must stay up. `drained`: they can go. */
  readonly state: (typeof STATES)[number];
}

export interface Deployment {
  readonly namespace: string;
  readonly name: string;
}

// grpc/status: the number of the gRPC specification.
const NOT_FOUND = 5;

/** The builds whose workers Temporal has seen, newest first; none before the first worker has asked for work. */
export async function listVersions(connection: DeploymentConnection, deployment: Deployment): Promise<DeployedVersion[]> {
  const { namespace, name: deploymentName } = deployment;
  const answer = await connection.workflowService
    .describeWorkerDeployment({ namespace, deploymentName })
    .catch((error: unknown) => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
  const versions = answer?.workerDeploymentInfo?.versionSummaries ?? [];
  return versions
    .map(({ deploymentVersion, status, createTime }) => ({
      buildId: deploymentVersion?.buildId ?? '',
      state: STATES[status ?? 0] ?? 'unknown',
      since: Number(createTime?.seconds ?? 0),
    }))
    .toSorted((one, other) => other.since - one.since)
    .map(({ buildId, state }) => ({ buildId, state }));
}

/**
 * New runs go to this build from now on. Temporal refuses a build that no worker polls for.
 * @throws ServiceError of gRPC
 */
export async function makeCurrent(connection: DeploymentConnection, deployment: Deployment, buildId: string): Promise<void> {
  await connection.workflowService.setWorkerDeploymentCurrentVersion({
    namespace: deployment.namespace,
    deploymentName: deployment.name,
    buildId,
    identity: `deploy@${hostname()}`,
  });
}

function isNotFound(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === NOT_FOUND;
}
