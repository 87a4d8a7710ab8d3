import { ScheduleAlreadyRunning, ScheduleOverlapPolicy, type Client, type ScheduleOptions } from '@temporalio/client';
import { TASK_QUEUES } from '../../contracts/run.ts';
import { CONSOLIDATE_MEMORY } from '../../contracts/system-workflows.ts';
import { createLoop, type Loop } from '../../platform/loop.ts';

export interface SystemSchedulesDeps {
  client: Client;
  logger: { warn(details: object, message: string): void };
  intervalMs?: number;
}

const CALL_TIMEOUT_MS = 5_000;
const INTERVAL_MS = 30_000;

/** At night in Europe: nobody waits for it. No arguments, so that Temporal is told nothing. */
const OPTIONS: ScheduleOptions = {
  scheduleId: CONSOLIDATE_MEMORY.id,
  spec: { intervals: [{ every: '1 day', offset: '2 hours' }] },
  action: {
    type: 'startWorkflow',
    workflowType: CONSOLIDATE_MEMORY.workflowType,
    workflowId: CONSOLIDATE_MEMORY.id,
    taskQueue: TASK_QUEUES.workers,
    args: [],
    workflowExecutionTimeout: '20 hours',
  },
  policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1 day', pauseOnFailure: false },
};

/** The schedules that are the house's own: made as each copy starts, by whichever comes first. One that was paused stays so. */
export function createSystemSchedules({ client, logger, intervalMs = INTERVAL_MS }: SystemSchedulesDeps): Loop {
  return createLoop(intervalMs, async () => {
    try {
      await client.withDeadline(Date.now() + CALL_TIMEOUT_MS, () => put(client));
      return 'last';
    } catch (error) {
      logger.warn({ err: error }, 'a schedule of the house could not be made');
      return undefined;
    }
  });
}

async function put(client: Client): Promise<void> {
  try {
    await client.schedule.create(OPTIONS);
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
    await client.schedule.getHandle(OPTIONS.scheduleId).update(({ state }) => ({ ...OPTIONS, state }));
  }
}
