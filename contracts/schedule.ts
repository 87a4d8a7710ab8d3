import { z } from 'zod';
import type { ErrorCode } from './errors.ts';
import type { ExecutionResult } from './events.ts';
import type { EmployeeRunInput } from './run.ts';

/** The local times of a schedule: one that fits all five sets of one entry. Ascending; Sunday is 0. */
export interface TimeSets {
  minutes: number[];
  hours: number[];
  days_of_month: number[];
  months: number[];
  days_of_week: number[];
}

/** When a schedule is due, as whoever made it said it. */
export const scheduleTimesSchema = z.union([
  z.strictObject({ cron: z.string().min(1).max(200) }),
  z.strictObject({
    calendar: z.strictObject({
      /** `09:00`, on the 24-hour clock. */
      at: z
        .array(z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'hours and minutes, such as 09:00'))
        .min(1)
        .max(48),
      days_of_week: z
        .array(z.enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']))
        .min(1)
        .max(7)
        .optional(),
      days_of_month: z.array(z.int().min(1).max(31)).min(1).max(31).optional(),
      months: z.array(z.int().min(1).max(12)).min(1).max(12).optional(),
    }),
  }),
]);
export type ScheduleTimes = z.infer<typeof scheduleTimesSchema>;

/**
 * What happens when a run is due while an earlier one of the schedule goes on: it is left out, waits for its turn (one, or
 * all), replaces the earlier one, which is cancelled, or runs beside it.
 */
export const OVERLAP_POLICIES = ['skip', 'buffer_one', 'buffer_all', 'cancel_other', 'allow_all'] as const;
export type OverlapPolicy = (typeof OVERLAP_POLICIES)[number];

export const SCHEDULE_STATUSES = ['active', 'paused', 'needs_owner', 'retired', 'deleted'] as const;

/** The schedule's id at Temporal, and of the workflows that it starts: Temporal appends `-{UTC second}` to these. */
export function temporalScheduleId(scheduleId: string): string {
  return `schedule:${scheduleId}`;
}

const FIRED = /^schedule:([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z)$/;

/** Which schedule started a workflow, and for which instant; undefined for an id that no schedule makes. */
export function parseFiredWorkflowId(workflowId: string): { scheduleId: string; nominalAt: Date } | undefined {
  const match = FIRED.exec(workflowId);
  const nominalAt = new Date(match?.[2] ?? Number.NaN);
  return match && !Number.isNaN(nominalAt.getTime()) ? { scheduleId: match[1]!, nominalAt } : undefined;
}

/** The id of the workflow that a schedule starts for an instant. */
export function firedWorkflowId(scheduleId: string, nominalAt: Date): string {
  return `${temporalScheduleId(scheduleId)}-${nominalAt.toISOString().slice(0, 19)}Z`;
}

/** Argument of `scheduledRun`, as it stands in the schedule's action. What it says is checked against the calling workflow. */
export interface ScheduledRunInput {
  org_id: string;
  schedule_id: string;
}

/** What `prepareScheduledRun` answers. */
export type PreparedRun =
  | {
      kind: 'run';
      input: EmployeeRunInput;
      employee_name: string;
      employee_version: number;
      /** As long as the run's ticket lives. */
      execution_timeout_ms: number;
    }
  /** No run is made for this instant; the schedule shows why. */
  | { kind: 'refused'; code: ErrorCode; message: string };

export type ScheduledRunResult =
  | { run_id: string; status: ExecutionResult['status'] }
  | { run_id: null; code: ErrorCode; message: string };
