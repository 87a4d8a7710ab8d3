import { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { ClancyError, type ErrorCode } from '../../contracts/errors.ts';
import type { AgentCoreActivityDeps } from './deps.ts';

/** Where an activity runs, as Temporal says: not what its input claims. */
export interface ActivityPlace {
  workflowId: string;
  temporalRunId: string;
}

export type AgentCoreActivity<I, O> = (input: I, place: ActivityPlace) => Promise<O>;

/** Services that are away come back. */
const PASSING: ReadonlySet<ErrorCode> = new Set(['dependency_unavailable', 'key_service_unavailable']);

/**
 * A function as a Temporal activity. Expected errors end the activity with their code as type, except those that pass
 * by themselves; unexpected ones are retried.
 */
export function asActivity<I, O>(deps: Pick<AgentCoreActivityDeps, 'logger'>, work: AgentCoreActivity<I, O>) {
  return async (input: I): Promise<O> => {
    const { workflowExecution } = Context.current().info;
    if (!workflowExecution) throw ApplicationFailure.nonRetryable('This activity belongs to a workflow.', 'ids_disagree');
    const place = { workflowId: workflowExecution.workflowId, temporalRunId: workflowExecution.runId };
    try {
      return await work(input, place);
    } catch (error) {
      if (!(error instanceof ClancyError)) throw error;
      deps.logger.warn({ code: error.code, workflow_id: place.workflowId }, 'an activity was refused');
      throw ApplicationFailure.create({
        message: error.message,
        type: error.code,
        nonRetryable: !PASSING.has(error.code),
      });
    }
  };
}
