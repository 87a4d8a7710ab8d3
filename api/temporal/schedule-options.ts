import type { ScheduleOptions } from '@temporalio/client';
import { TypedSearchAttributes } from '@temporalio/common';
import { shortSummary, TASK_QUEUES } from '../../contracts/run.ts';
import {
  temporalScheduleId,
  type OverlapPolicy,
  type ScheduledRunInput,
  type ScheduleTimes,
  type TimeSets,
} from '../../contracts/schedule.ts';
import { RUN_TICKET_LIFETIME_SECONDS } from '../../platform/auth/run-ticket.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';

/** What Temporal is to know of a schedule. */
export interface WantedSchedule {
  orgId: string;
  scheduleId: string;
  employeeId: string;
  employeeName: string;
  times: ScheduleTimes;
  entries: readonly TimeSets[];
  timezone: string;
  overlap: OverlapPolicy;
  catchUpSeconds: number;
  isPaused: boolean;
  /** Why it is paused; else what it is for. */
  note: string;
}

export const OVERLAP = {
  skip: 'SKIP',
  buffer_one: 'BUFFER_ONE',
  buffer_all: 'BUFFER_ALL',
  cancel_other: 'CANCEL_OTHER',
  allow_all: 'ALLOW_ALL',
} as const satisfies Record<OverlapPolicy, string>;

/** The schedule as Temporal takes it. Its action carries ids only: what a run does is resolved when it is due. */
export function scheduleOptions(wanted: WantedSchedule, workflowTaskTimeoutMs: number | undefined) {
  const { orgId, scheduleId, employeeId } = wanted;
  const input: ScheduledRunInput = { org_id: orgId, schedule_id: scheduleId };
  const attributes = [
    { key: SEARCH_ATTRIBUTES.orgId, value: orgId },
    { key: SEARCH_ATTRIBUTES.employeeId, value: employeeId },
    { key: SEARCH_ATTRIBUTES.scheduleId, value: scheduleId },
  ];
  const action = {
    type: 'startWorkflow' as const,
    workflowType: 'scheduledRun',
    workflowId: temporalScheduleId(scheduleId),
    taskQueue: TASK_QUEUES.workers,
    args: [input],
    // A day more than the run that it waits for may take.
    workflowExecutionTimeout: (RUN_TICKET_LIFETIME_SECONDS + 86_400) * 1_000,
    typedSearchAttributes: new TypedSearchAttributes([...attributes, { key: SEARCH_ATTRIBUTES.triggerType, value: 'schedule' }]),
    staticSummary: shortSummary(`schedule of ${wanted.employeeName}`),
    staticDetails: `**Employee** \`${employeeId}\`\n\n**Organisation** \`${orgId}\`\n\n**Schedule** \`${scheduleId}\``,
    // Not in the SDK's types of schedule actions; its runtime encodes it.
    priority: { fairnessKey: orgId },
    ...(workflowTaskTimeoutMs !== undefined && { workflowTaskTimeout: workflowTaskTimeoutMs }),
  };
  return {
    scheduleId: temporalScheduleId(scheduleId),
    action,
    policies: { overlap: OVERLAP[wanted.overlap], catchupWindow: wanted.catchUpSeconds * 1_000, pauseOnFailure: false },
    state: { paused: wanted.isPaused, note: wanted.note },
    typedSearchAttributes: new TypedSearchAttributes(attributes),
  } satisfies Omit<ScheduleOptions, 'spec'>;
}
