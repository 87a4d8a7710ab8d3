import type { InjectedSinks } from '@temporalio/worker';
import type { WorkflowInfo } from '@temporalio/workflow';
import { workflowSpan, type WorkflowEnd, type WorkflowTraceSinks } from '../../contracts/trace.ts';
import type { EndedSpan } from './ended-span.ts';
import { idsIn, runOfWorkflow } from './ids.ts';

/** Where workflows tell how they ended. They are told to have ended once, not at every replay. */
export function traceSinks(record: (span: EndedSpan) => void): InjectedSinks<WorkflowTraceSinks> {
  return {
    tracing: {
      ended: { fn: (info, end) => record(spanOf(info, end, new Date())), callDuringReplay: false },
    },
  };
}

export function spanOf(
  { workflowId, workflowType, runId, runStartTime }: Pick<WorkflowInfo, 'workflowId' | 'workflowType' | 'runId' | 'runStartTime'>,
  { parent, status, errorType, orgId }: WorkflowEnd,
  endedAt: Date,
): EndedSpan {
  return {
    name: `workflow ${workflowType}`,
    span: workflowSpan(runId, parent),
    parent,
    startedAt: runStartTime,
    endedAt,
    hasFailed: status === 'failed',
    attributes: {
      ...idsIn(runOfWorkflow(workflowId)).attributes,
      ...(orgId !== undefined && { 'clancy.org_id': orgId }),
      temporalWorkflowId: workflowId,
      temporalRunId: runId,
      'clancy.status': status,
      ...(errorType !== undefined && { 'error.type': errorType }),
    },
  };
}
