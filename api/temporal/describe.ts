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
  /** What the workflow cannot say itself: its code or an activity keeps failing (`engine`), or nobody takes its tasks. */
  stuckOn: 'engine' | 'worker' | undefined;
}

/** `PENDING_WORKFLOW_TASK_STATE_SCHEDULED` and `PENDING_ACTIVITY_STATE_SCHEDULED` of the API. */
const SCHEDULED = 1;
/** A workflow task that failed this often fails for a reason that time does not heal: a bad deploy, a lost history. */
const MAX_TASK_ATTEMPTS = 2;
/** Expected troubles end an activity with a word; what is repeated this often is a fault that nobody foresaw. */
const MAX_ACTIVITY_ATTEMPTS = 5;
/** A task that no worker has taken after this time has none; far more than two clocks differ. */
const MAX_UNTAKEN_MS = 10_000;

export function toWorkflowState(described: WorkflowExecutionDescription, nowMs: number): WorkflowState {
  const { raw, memo } = described;
  return {
    status: described.status.name,
    firstRunId: raw.workflowExecutionInfo?.firstRunId || described.runId,
    orgId: textOf(memo?.['org_id']),
    executionId: textOf(memo?.['execution_id']),
    waitingOn: described.typedSearchAttributes.get(SEARCH_ATTRIBUTES.waitingOn) ?? [],
    openChildren: (raw.pendingChildren ?? []).flatMap(({ workflowId }) => (workflowId ? [workflowId] : [])),
    stuckOn: stuckOn(raw, nowMs),
  };
}

function stuckOn(
  { pendingWorkflowTask: task, pendingActivities }: WorkflowExecutionDescription['raw'],
  nowMs: number,
): WorkflowState['stuckOn'] {
  const activities = pendingActivities ?? [];
  if ((task?.attempt ?? 0) > MAX_TASK_ATTEMPTS) return 'engine';
  if (activities.some(({ attempt }) => (attempt ?? 0) > MAX_ACTIVITY_ATTEMPTS)) return 'engine';
  const untaken = [...(task ? [task] : []), ...activities].filter(({ state }) => Number(state) === SCHEDULED);
  // The next attempt of an activity is scheduled in the future.
  return untaken.some(({ scheduledTime }) => nowMs - toMs(scheduledTime, nowMs) > MAX_UNTAKEN_MS) ? 'worker' : undefined;
}

function toMs(timestamp: { seconds?: unknown } | null | undefined, otherwise: number): number {
  return timestamp?.seconds == null ? otherwise : Number(timestamp.seconds) * 1_000;
}

function textOf(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
