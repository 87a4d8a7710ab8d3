import type { ActivityOptions, LocalActivityOptions } from '@temporalio/workflow';
import { TASK_QUEUES } from '../contracts/run.ts';

/**
 * A burst or the conditions of edges: milliseconds of computing, no I/O. Tried again for a worker that died, and for as long
 * as Agent-Core does not keep a large result; what fails by itself gives up by itself. Kept short, so that no wait between
 * two attempts becomes a timer in history.
 */
export const COMPUTE = {
  startToCloseTimeout: '20 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds' },
} satisfies LocalActivityOptions;

/** A burst that may ask models. Heartbeats find a dead worker; a long answer of a model takes minutes. */
export const MODEL_BURST = {
  taskQueue: TASK_QUEUES.workers,
  startToCloseTimeout: '15 minutes',
  heartbeatTimeout: '5 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '500 milliseconds', maximumInterval: '30 seconds' },
} satisfies ActivityOptions;

/**
 * One attempt of a call, longer than ConnectHub's own time-out at the provider. ConnectHub's ledger makes a repeat safe,
 * so it is repeated until something is known. A cancelled run waits for its calls to end, so that it records what they did.
 */
export const CALL = {
  taskQueue: TASK_QUEUES.workers,
  startToCloseTimeout: '2 minutes',
  heartbeatTimeout: '5 seconds',
  cancellationType: 'WAIT_CANCELLATION_COMPLETED',
  retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '30 seconds' },
} satisfies ActivityOptions;

/** Agent-Core's database. Idempotent; what takes longer than this is shown as waiting on Agent-Core. */
export const CORE_AT_ONCE = {
  taskQueue: TASK_QUEUES.agentCore,
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '6 seconds',
  retry: { initialInterval: '200 milliseconds', maximumInterval: '5 seconds' },
} satisfies ActivityOptions;

/** The same while Agent-Core is known to be away. */
export const CORE_WHEN_BACK = {
  ...CORE_AT_ONCE,
  scheduleToCloseTimeout: '10 minutes',
} satisfies ActivityOptions;
