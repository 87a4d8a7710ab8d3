import { Client, Connection } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { defineSearchAttributeKey } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker, makeTelemetryFilterString } from '@temporalio/worker';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflows } from '../../activities/agent-worker/bundle-workflows.ts';
import { createAgentTokens } from '../../activities/agent-worker/calls/agent-tokens.ts';
import { createAgentActivities, createAgentWorker } from '../../activities/agent-worker/worker.ts';
import type { Model } from '../../platform/models/structured-model.ts';
import { TASK_QUEUES } from '../../contracts/run.ts';
import type { EmployeeRunInput } from '../../contracts/run.ts';
import { firedWorkflowId } from '../../contracts/schedule.ts';
import { openCache } from '../../dev/cache.ts';
import { silent } from '../../dev/progress.ts';
import { startTemporal } from '../../dev/temporal/start-temporal.ts';
import { createExpressions } from '../../platform/expressions/expressions.ts';
import type { EndedSpan } from '../../platform/telemetry/ended-span.ts';
import type { employeeRun, scheduledRun } from '../../workflows/index.ts';
import { createBlobStorage } from '../../platform/payloads/blob-storage.ts';
import { createFakeAgentCore } from './fake-agent-core.ts';
import { startFakeServices } from './fake-services.ts';
import type { Hub } from './fake-services.ts';
import { createMemoryBlobs } from './memory-blobs.ts';

const NAMESPACE = 'default';
const WAITING_ON = defineSearchAttributeKey('WaitingOn', 'KEYWORD_LIST');

/** A real Temporal server with a worker of ours, and small fakes of Agent-Core and ConnectHub around it. */
export async function startEngine(options: { env: NodeJS.ProcessEnv; model?: Model }) {
  // Temporal's own log would drown what a failing test says.
  Runtime.install({
    logger: new DefaultLogger('ERROR'),
    telemetryOptions: { logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }) } },
  });
  const dir = await mkdtemp(join(tmpdir(), 'clancy-engine-'));
  const cacheDir = await openCache(options.env);
  const temporal = await startTemporal({
    dir,
    namespace: NAMESPACE,
    cacheDir,
    cli: options.env['CLANCY_TEMPORAL_CLI'],
    env: options.env,
    log: silent,
  });
  const services = await startFakeServices();
  const core = createFakeAgentCore();
  const expressions = createExpressions({ threads: 1, timeLimitMs: 5_000 });
  const connection = await Connection.connect({ address: temporal.address });
  const native = await NativeConnection.connect({ address: temporal.address });
  const blobs = createMemoryBlobs();
  const dataConverter = { externalStorage: createBlobStorage(blobs) };
  const client = new Client({ connection, namespace: NAMESPACE, dataConverter });
  const workflowBundle = await bundleWorkflows({ dir: cacheDir, plainFailures: true });
  const warnings: object[] = [];
  const spans: EndedSpan[] = [];
  const record = (span: EndedSpan): void => void spans.push(span);
  const activities = createAgentActivities({
    connectHubUrl: services.url,
    tokens: createAgentTokens({ agentCoreUrl: services.url, serviceToken: { token: () => Promise.resolve('worker-token') } }),
    logger: { warn: (about) => void warnings.push(about) },
    expressions,
    ...(options.model && { model: options.model }),
  });

  async function runWorker(worker: Worker) {
    const running = worker.run();
    return async () => {
      if (worker.getState() === 'RUNNING') worker.shutdown();
      await running;
    };
  }
  const its = { connection: native, namespace: NAMESPACE, dataConverter };
  const startAgentWorker = async () =>
    runWorker(await createAgentWorker({ ...its, workflowBundle, activities, record, stickyTimeoutMs: 1_000 }));
  const startCoreWorker = async () =>
    runWorker(
      await Worker.create({
        ...its,
        taskQueue: TASK_QUEUES.agentCore,
        activities: core.activities,
      }),
    );
  let stopAgents = await startAgentWorker();
  let stopCore = await startCoreWorker();

  return {
    client,
    services,
    core,
    blobs,
    workflowBundle,
    startRun(input: EmployeeRunInput, hub: Hub): Promise<WorkflowHandle<typeof employeeRun>> {
      services.script(input.intent.run_id, hub);
      return client.workflow.start<typeof employeeRun>('employeeRun', {
        workflowId: input.intent.run_id,
        taskQueue: TASK_QUEUES.workers,
        workflowTaskTimeout: '2 seconds',
        args: [input],
      });
    },
    /** As the schedule's action at Temporal would, for the instant that the run's trigger names. */
    startScheduled(scheduleId: string, input: EmployeeRunInput, hub: Hub): Promise<WorkflowHandle<typeof scheduledRun>> {
      const { org_id, run_id, trigger } = input.intent;
      services.script(run_id, hub);
      const about = { employee_name: 'Recorded', employee_version: 1, execution_timeout_ms: 3_600_000 };
      core.schedule(scheduleId, { kind: 'run', input, ...about });
      return client.workflow.start<typeof scheduledRun>('scheduledRun', {
        workflowId: firedWorkflowId(scheduleId, new Date(trigger.schedule?.nominal_time ?? Date.now())),
        taskQueue: TASK_QUEUES.workers,
        workflowTaskTimeout: '2 seconds',
        args: [{ org_id, schedule_id: scheduleId }],
      });
    },
    async withoutAgentWorker(work: () => Promise<void>) {
      await stopAgents();
      try {
        await work();
      } finally {
        stopAgents = await startAgentWorker();
      }
    },
    async withoutAgentCore(work: () => Promise<void>) {
      await stopCore();
      try {
        await work();
      } finally {
        stopCore = await startCoreWorker();
      }
    },
    /** What a workflow waits for, as operators find it. */
    async waitingOn(workflowId: string): Promise<string[]> {
      const { typedSearchAttributes } = await client.workflow.getHandle(workflowId).describe();
      return typedSearchAttributes.get(WAITING_ON) ?? [];
    },
    warnings,
    /** Of the workflows that have ended. */
    spans,
    async close() {
      await Promise.all([stopAgents(), stopCore()]);
      await Promise.all([expressions.close(), services.close(), native.close(), connection.close()]);
      await temporal.stop();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
export type Engine = Awaited<ReturnType<typeof startEngine>>;
