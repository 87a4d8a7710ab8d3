import { z } from 'zod';
import { jsonObjectSchema } from '../../../contracts/json.ts';
import { webUiLinks } from './links.ts';
import { pageOf } from './page.ts';

const timesAnswer = z.looseObject({
  cron: z.string().optional(),
  calendar: z
    .looseObject({
      at: z.array(z.string()),
      days_of_week: z.array(z.string()).optional(),
      days_of_month: z.array(z.number()).optional(),
      months: z.array(z.number()).optional(),
    })
    .optional(),
});
export type TimesAnswer = z.infer<typeof timesAnswer>;

export const scheduleSummaryAnswer = z.looseObject({
  schedule_id: z.string(),
  employee_id: z.string(),
  owner_user_id: z.string(),
  source: z.string(),
  sentence: z.string().nullish(),
  times: timesAnswer,
  timezone: z.string(),
  overlap: z.string(),
  catch_up_seconds: z.number(),
  note: z.string().nullish(),
  status: z.string(),
  status_note: z.string().nullish(),
  next_time: z.string().nullish(),
  in_step: z.boolean().optional(),
  links: webUiLinks.optional(),
});
export type ScheduleSummaryAnswer = z.infer<typeof scheduleSummaryAnswer>;

const firingAnswer = z.looseObject({
  nominal_time: z.string(),
  status: z.string(),
  ordered_by: z.string().nullish(),
  run_id: z.string().nullish(),
  run_status: z.string().nullish(),
  refused_reason: z.string().nullish(),
});
export type FiringAnswer = z.infer<typeof firingAnswer>;

export const scheduleAnswer = scheduleSummaryAnswer.extend({
  input: jsonObjectSchema,
  next_times: z.array(z.string()),
  recent: z.array(firingAnswer),
  temporal: z
    .looseObject({
      paused: z.boolean(),
      note: z.string(),
      skipped_overlap: z.number(),
      missed_catch_up: z.number(),
    })
    .nullish(),
});
export type ScheduleAnswer = z.infer<typeof scheduleAnswer>;

export const schedulePageAnswer = pageOf(scheduleSummaryAnswer);
export const triggeredAnswer = z.looseObject({ schedule_id: z.string(), nominal_time: z.string() });
