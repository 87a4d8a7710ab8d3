import { proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { CheckPlanInput, FirstOfWorkflow, WorkerActivities } from '../contracts/worker-activities.ts';
import { COMPUTE } from './activity-options.ts';
import { understood } from './failures.ts';

const { checkPlan } = proxyLocalActivities<Pick<WorkerActivities, 'checkPlan'>>(COMPUTE);

/** Nothing is done for a plan that is not the ticket's: it is checked once, before anything that comes of it. */
export interface OwnPlan {
  /**
   * What the first local activity of the workflow checks on its way. Whoever takes it awaits that activity before anything
   * else is done, and fails with it.
   */
  take(): FirstOfWorkflow;
  /** Has it checked now, where nobody took it before. @throws RunFailure `ids_disagree` or `ticket_invalid`. */
  assert(): Promise<void>;
}

export function createOwnPlan(given: Omit<CheckPlanInput, 'parent'>): OwnPlan {
  const parent = workflowInfo().parent?.workflowId;
  let unchecked: CheckPlanInput | undefined = { ...given, ...(parent !== undefined && { parent }) };

  function take(): FirstOfWorkflow {
    const own = unchecked;
    unchecked = undefined;
    return own ? { own } : {};
  }

  return {
    take,
    async assert() {
      const { own } = take();
      if (!own) return;
      try {
        await checkPlan.executeWithOptions({ ...COMPUTE, summary: 'plan' }, [own]);
      } catch (error) {
        throw understood(error);
      }
    },
  };
}
