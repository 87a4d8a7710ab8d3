import type { FiringAnswer, ScheduleAnswer, ScheduleSummaryAnswer, TimesAnswer } from '../client/answers/schedules.ts';
import { oneLine, safeJson } from '../output/plain-text.ts';
import { fields, page, section } from '../output/table.ts';
import { formatInstant } from '../output/time.ts';

/** `0 9 * * 1-5`, or `09:00 17:00 on monday, friday`. */
export function renderTimes({ cron, calendar }: TimesAnswer): string {
  if (cron !== undefined || calendar === undefined) return oneLine(cron ?? '-');
  const { at, days_of_week, days_of_month, months } = calendar;
  const limits = [
    days_of_week && `on ${days_of_week.join(', ')}`,
    days_of_month && `on day ${days_of_month.join(', ')}`,
    months && `in month ${months.join(', ')}`,
  ];
  return oneLine([at.join(' '), ...limits].filter((part) => part !== undefined).join(' '));
}

export function renderSource({ source, sentence }: ScheduleSummaryAnswer): string {
  return source === 'job_description' ? `job description: "${oneLine(sentence ?? '')}"` : 'a person';
}

/** What a schedule is set to, without what it did. */
export function renderSettings(schedule: ScheduleSummaryAnswer): string {
  const hasReason = schedule.status_note !== null && schedule.status_note !== undefined;
  return fields([
    ['Schedule', schedule.schedule_id],
    ['Employee', schedule.employee_id],
    ['Status', hasReason ? `${schedule.status} (${schedule.status_note})` : schedule.status],
    ['Times', `${renderTimes(schedule.times)} ${schedule.timezone}`],
    ['Next', formatInstant(schedule.next_time)],
    ['Overlap', schedule.overlap],
    ['Catch-up', `${schedule.catch_up_seconds} s`],
    ['Owner', schedule.owner_user_id],
    ['Source', renderSource(schedule)],
    ['Note', schedule.note],
    ['Web UI', schedule.links?.temporal_ui],
    ['Temporal', schedule.in_step === false ? 'has not heard of the last change yet' : undefined],
  ]);
}

/** A schedule with its next times, what became of the latest, and what was left out. */
export function renderSchedule(schedule: ScheduleAnswer): string {
  const { temporal } = schedule;
  const leftOut = temporal && [
    temporal.skipped_overlap > 0 && `${temporal.skipped_overlap} because an earlier run was going on`,
    temporal.missed_catch_up > 0 && `${temporal.missed_catch_up} because Temporal was away for longer than the catch-up window`,
  ];
  return page([
    renderSettings(schedule),
    ...section('Input', Object.keys(schedule.input).length === 0 ? '' : safeJson(schedule.input, 2)),
    ...section('Next times', renderNext(schedule)),
    ...section('Latest', schedule.recent.map(renderFiring).join('\n')),
    ...section('Left out', (leftOut || []).filter((line) => line !== false).join('\n')),
  ]);
}

export function renderNext({ next_times }: Pick<ScheduleAnswer, 'next_times'>): string {
  return next_times.map((time) => formatInstant(time)).join('\n');
}

function renderFiring({ nominal_time, status, run_id, run_status, refused_reason, ordered_by }: FiringAnswer): string {
  const outcome = run_id ? `${run_id} ${run_status ?? ''}` : (refused_reason ?? status);
  const by = ordered_by ? ` (ordered by ${ordered_by})` : '';
  return oneLine(`${formatInstant(nominal_time)}  ${outcome}${by}`);
}
