import { proxyLocalActivities, workflowInfo } from '@temporalio/workflow';
import type { CheckPlanInput, WorkerActivities } from '../contracts/run.ts';
import { COMPUTE } from './activity-options.ts';
import { understood } from './failures.ts';

const { checkPlan } = proxyLocalActivities<Pick<WorkerActivities, 'checkPlan'>>(COMPUTE);

/** Nothing is done for a plan that is not the ticket's. @throws RunFailure `ids_disagree` or `ticket_invalid`. */
export async function assertOwnPlan(own: Omit<CheckPlanInput, 'parent'>): Promise<void> {
  const parent = workflowInfo().parent?.workflowId;
  const input = { ...own, ...(parent !== undefined && { parent }) };
  try {
    await checkPlan.executeWithOptions({ ...COMPUTE, summary: 'plan' }, [input]);
  } catch (error) {
    throw understood(error);
  }
}
