import type { DataConverter } from '@temporalio/common';
import { Worker } from '@temporalio/worker';
import type { NativeConnection, WorkerDeploymentOptions, WorkerOptions } from '@temporalio/worker';
import { TASK_QUEUES } from '../../contracts/run.ts';
import type { WorkerActivities } from '../../contracts/worker-activities.ts';
import type { Expressions } from '../../platform/expressions/expressions.ts';
import type { Model } from '../../platform/models/structured-model.ts';
import type { EndedSpan } from '../../platform/telemetry/ended-span.ts';
import { traceActivities } from '../../platform/telemetry/temporal-activities.ts';
import { traceSinks } from '../../platform/telemetry/workflow-sink.ts';
import { createCallCapability } from './call-capability.ts';
import type { CallDeps } from './call-capability.ts';
import { afterCheck, createCheckPlan } from './check-plan.ts';
import { createEvaluateEdges } from './evaluate-edges.ts';
import { givingUp } from './give-up.ts';
import { measuredBursts } from './metrics/measured.ts';
import type { WorkerMetrics } from './metrics/worker-metrics.ts';
import { createRunSkillBurst } from './run-skill-burst.ts';

export interface AgentActivityDeps extends CallDeps {
  expressions: Expressions;
  /** Without one, skills with a `model` or `agent` node fail with `model_failed`. */
  model?: Model;
  metrics?: Pick<WorkerMetrics, 'burst'>;
}

/** What the workers' queue offers to workflows. */
export function createAgentActivities(deps: AgentActivityDeps): WorkerActivities {
  const { logger, tokens, metrics } = deps;
  const burst = createRunSkillBurst(deps);
  // Who calls asks again, and hears what is wrong.
  const prepareCalls = (ticket: string): void => void tokens.get(ticket).catch(() => undefined);
  const checkPlan = createCheckPlan({ logger, prepareCalls });
  return {
    checkPlan: givingUp(checkPlan),
    runSkillBurst: givingUp(afterCheck(checkPlan, metrics ? measuredBursts(burst, metrics) : burst)),
    evaluateEdges: givingUp(afterCheck(checkPlan, createEvaluateEdges(deps))),
    callCapability: createCallCapability(deps),
  };
}

export interface AgentWorkerOptions {
  connection: NativeConnection;
  namespace: string;
  /** From `bundleWorkflows`. */
  workflowBundle: { codePath: string };
  activities: WorkerActivities;
  /** From `dataConverterFor`; the SDK's own where nothing is ever encrypted. */
  dataConverter?: DataConverter;
  /** Takes the spans of workflows that ended, from `startTracing`. */
  record?: (span: EndedSpan) => void;
  /** How long a workflow waits for the worker that has it in memory. Short in development, where workers are killed. */
  stickyTimeoutMs?: number;
  /** From `deploymentOptions`, where versions of the worker live beside each other. Off in development. */
  deployment?: WorkerDeploymentOptions;
  tuning?: Pick<
    WorkerOptions,
    'maxCachedWorkflows' | 'maxConcurrentActivityTaskExecutions' | 'maxConcurrentLocalActivityExecutions'
  >;
  identity?: string;
}

const STICKY_TIMEOUT_MS = 10_000;
/** About 1 MB each. */
const MAX_CACHED_WORKFLOWS = 200;
/** The default, 80 % of the heartbeat time-out, leaves a busy worker one second to send its next heartbeat. */
const HEARTBEAT_THROTTLE = '1 second';
const SHUTDOWN_GRACE = '10 seconds';

/** The Temporal worker of queue `agent-workers`: workflows, bursts and calls. The caller runs it and shuts it down. */
export function createAgentWorker(options: AgentWorkerOptions): Promise<Worker> {
  const { connection, namespace, workflowBundle, activities, stickyTimeoutMs = STICKY_TIMEOUT_MS } = options;
  const { dataConverter, deployment, tuning, identity, record = () => undefined } = options;
  return Worker.create({
    connection,
    namespace,
    taskQueue: TASK_QUEUES.workers,
    workflowBundle,
    activities,
    interceptors: { activity: [traceActivities()] },
    sinks: traceSinks(record),
    stickyQueueScheduleToStartTimeout: stickyTimeoutMs,
    maxCachedWorkflows: MAX_CACHED_WORKFLOWS,
    workflowTaskPollerBehavior: { type: 'autoscaling' },
    activityTaskPollerBehavior: { type: 'autoscaling' },
    maxHeartbeatThrottleInterval: HEARTBEAT_THROTTLE,
    shutdownGraceTime: SHUTDOWN_GRACE,
    ...(dataConverter && { dataConverter }),
    ...(deployment !== undefined && { workerDeploymentOptions: deployment }),
    ...tuning,
    ...(identity !== undefined && { identity }),
  });
}
