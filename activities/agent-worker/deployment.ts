import type { WorkerDeploymentOptions } from '@temporalio/worker';

/** Of all agent workers, whatever they were built from: Temporal sends new runs to one version of it. */
export const WORKER_DEPLOYMENT = 'clancy-agent-workers';

/**
 * A run ends on the build that it began on. The first build gets no task until it is made the current one
 * (`npm run deploy:current`), and each later one until then only tasks of runs that are its own.
 */
export function deploymentOptions(buildId: string): WorkerDeploymentOptions {
  return {
    version: { deploymentName: WORKER_DEPLOYMENT, buildId },
    useWorkerVersioning: true,
    defaultVersioningBehavior: 'PINNED',
  };
}
