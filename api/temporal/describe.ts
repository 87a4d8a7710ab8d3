import type { WorkflowExecutionDescription, WorkflowExecutionStatusName } from '@temporalio/client';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

/** What Temporal says of one workflow, as far as Agent-Core cares. */
export interface WorkflowState {
  status: WorkflowExecutionStatusName;
  /** First execution of the chain (continue-as-new makes further ones). */
  firstRunId: string;
  /** From the memo that our start writes. */
  orgId: string | undefined;
  executionId: string | undefined;
  waitingOn: string[];
  openChildren: string[];
  /** Attempts of the workflow task at hand; 0 without one. Above two, the code or the worker is broken. */
  taskAttempts: number;
}

export function toWorkflowState(described: WorkflowExecutionDescription): WorkflowState {
  const { raw, memo } = described;
  return {
    status: described.status.name,
    firstRunId: raw.workflowExecutionInfo?.firstRunId || described.runId,
    orgId: textOf(memo?.['org_id']),
    executionId: textOf(memo?.['execution_id']),
    waitingOn: described.typedSearchAttributes.get(SEARCH_ATTRIBUTES.waitingOn) ?? [],
    openChildren: (raw.pendingChildren ?? []).flatMap(({ workflowId }) => (workflowId ? [workflowId] : [])),
    taskAttempts: raw.pendingWorkflowTask?.attempt ?? 0,
  };
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
