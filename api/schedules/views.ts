import { createHash } from 'node:crypto';
import { z } from 'zod';
import { jsonObjectSchema } from '../../contracts/json.ts';
import { OVERLAP_POLICIES, SCHEDULE_STATUSES, scheduleTimesSchema } from '../../contracts/schedule.ts';
import { schedulePage, type UiLinks } from '../../platform/temporal/web-ui.ts';
import type { ScheduleRow } from './find.ts';
import { nextTimes } from './times/next-times.ts';
import { readTimes } from './times/read-times.ts';

export const scheduleIdSchema = z.uuid();

export const scheduleSummary = z.strictObject({
  schedule_id: z.uuid(),
  employee_id: z.string(),
  owner_user_id: z.string(),
  /** Who made it: a person, or the activation of a job description with this sentence. */
  source: z.enum(['person', 'job_description']),
  sentence: z.string().nullable(),
  times: scheduleTimesSchema,
  timezone: z.string(),
  overlap: z.enum(OVERLAP_POLICIES),
  catch_up_seconds: z.int(),
  note: z.string().nullable(),
  status: z.enum(SCHEDULE_STATUSES),
  /** Why it does not run: the note of whoever paused it, or our own word. */
  status_note: z.string().nullable(),
  next_time: z.iso.datetime().nullable(),
  /** Whether Temporal knows the last change. */
  in_step: z.boolean(),
  created_at: z.iso.datetime(),
  updated_at: z.iso.datetime(),
  /** `temporal_ui`: its page in Temporal's Web UI, for platform operators. */
  links: z.strictObject({ self: z.string(), employee: z.string(), temporal_ui: z.string().optional() }),
});
export type ScheduleSummary = z.infer<typeof scheduleSummary>;

/** What became of one of a schedule's instants; `skipped` = an order that Temporal left out. */
export const firingView = z.strictObject({
  nominal_time: z.iso.datetime(),
  status: z.enum(['ordered', 'prepared', 'refused', 'skipped']),
  ordered_by: z.string().nullable(),
  run_id: z.string().nullable(),
  run_status: z.string().nullable(),
  refused_code: z.string().nullable(),
  refused_reason: z.string().nullable(),
});

export const scheduleView = scheduleSummary.extend({
  input: jsonObjectSchema,
  next_times: z.array(z.iso.datetime()),
  recent: z.array(firingView),
  /** Temporal's own word; null while it is away or has not heard of the schedule. */
  temporal: z
    .strictObject({
      paused: z.boolean(),
      note: z.string(),
      /** Left out because an earlier run was still going on. */
      skipped_overlap: z.int(),
      /** Left out because Temporal was away for longer than the catch-up window. */
      missed_catch_up: z.int(),
    })
    .nullable(),
});

/** The next instants of a schedule that is on; none of one that is not. */
export function upcoming(row: ScheduleRow, count: number, now: Date): string[] {
  if (row.status !== 'active') return [];
  return nextTimes(readTimes(row.times), row.timezone, now, count).map((time) => time.toISOString());
}

export function toScheduleSummary(row: ScheduleRow, { ui, now }: { ui: UiLinks; now: () => Date }): ScheduleSummary {
  return {
    schedule_id: row.scheduleId,
    employee_id: row.employeeId,
    owner_user_id: row.ownerUserId,
    source: row.source,
    sentence: row.sentence,
    times: row.times,
    timezone: row.timezone,
    overlap: row.overlap,
    catch_up_seconds: row.catchUpSeconds,
    note: row.note,
    status: row.status,
    status_note: row.statusNote,
    next_time: upcoming(row, 1, now())[0] ?? null,
    in_step: row.syncedRevision === row.revision,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
    links: {
      self: `/v1/schedules/${row.scheduleId}`,
      employee: `/v1/employees/${row.employeeId}`,
      ...schedulePage(ui, row.scheduleId),
    },
  };
}

/** Changes whenever the schedule does (RFC 9110, 8.8.3). */
export function etagOf(row: Pick<ScheduleRow, 'scheduleId' | 'revision'>): string {
  const state = JSON.stringify([row.scheduleId, row.revision]);
  return `"${createHash('sha256').update(state).digest('base64url').slice(0, 22)}"`;
}
