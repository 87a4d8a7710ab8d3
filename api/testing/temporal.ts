import { Client, Connection } from '@temporalio/client';
import { bundleWorkflowCode, DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { fileURLToPath } from 'node:url';
import { createAgentCoreActivities } from '../../activities/agent-core/index.ts';
import { TASK_QUEUES } from '../../contracts/run.ts';
import { makeTempFolder } from '../../dev/processes/temp-folder.ts';
import { silent } from '../../dev/progress.ts';
import { startTemporal } from '../../dev/temporal/start-temporal.ts';
import type { Temporal } from '../../dev/temporal/temporal.ts';
import { testHost } from '../../dev/temporal/test-host.ts';
import type { TestCore } from './agent-core.ts';

export interface TestTemporal {
  server: Temporal;
  client: Client;
  /** Workers for the small workflows and for Agent-Core's own queue, until `stop`. */
  startWorkers(core: TestCore): Promise<{ stop(): Promise<void> }>;
  stop(): Promise<void>;
}

const workflowsPath = fileURLToPath(new URL('./workflows.ts', import.meta.url));
const quiet = new DefaultLogger('ERROR', () => undefined);

/** A real Temporal server of the suite's own. */
export async function startTestTemporal(): Promise<TestTemporal> {
  Runtime.install({ logger: quiet, telemetryOptions: { logging: { filter: 'OFF', forward: {} } } });
  const folder = await makeTempFolder('clancy-temporal');
  const server = await startTemporal({ dir: folder.path, namespace: 'default', log: silent, ...(await testHost()) });
  const connection = await Connection.connect({ address: server.address });
  return {
    server,
    client: new Client({ connection, namespace: 'default' }),
    startWorkers: (core) => startWorkers(server.address, core),
    stop: async () => {
      await connection.close();
      await server.stop();
      await folder.remove();
    },
  };
}

async function startWorkers(address: string, core: TestCore): Promise<{ stop(): Promise<void> }> {
  const connection = await NativeConnection.connect({ address });
  const workflowBundle = await bundleWorkflowCode({ workflowsPath, logger: quiet });
  const logger = { warn: () => undefined };
  const activities = createAgentCoreActivities({ ...core.copy.core.activities, logger });
  const workers = await Promise.all([
    Worker.create({ connection, taskQueue: TASK_QUEUES.workers, workflowBundle, stickyQueueScheduleToStartTimeout: '1s' }),
    Worker.create({ connection, taskQueue: TASK_QUEUES.agentCore, activities }),
  ]);
  const running = Promise.all(workers.map((worker) => worker.run()));
  return {
    stop: async () => {
      for (const worker of workers) worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
