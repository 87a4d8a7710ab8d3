import type { CalendarSpec, LooseRange } from '@temporalio/client';
import type { TimeSets } from '../../contracts/schedule.ts';

const MONTHS = [
  'JANUARY',
  'FEBRUARY',
  'MARCH',
  'APRIL',
  'MAY',
  'JUNE',
  'JULY',
  'AUGUST',
  'SEPTEMBER',
  'OCTOBER',
  'NOVEMBER',
  'DECEMBER',
] as const;
const DAYS = ['SUNDAY', 'MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY', 'SATURDAY'] as const;

/** The times as Temporal is told them: never as cron text, which it would read by rules of its own. */
export function toCalendarSpec(entry: TimeSets, comment: string): CalendarSpec {
  return {
    second: 0,
    minute: rangesOf(entry.minutes, Number),
    hour: rangesOf(entry.hours, Number),
    dayOfMonth: rangesOf(entry.days_of_month, Number),
    month: rangesOf(entry.months, (month) => MONTHS[month - 1] ?? 'JANUARY'),
    dayOfWeek: rangesOf(entry.days_of_week, (day) => DAYS[day] ?? 'SUNDAY'),
    comment: comment.slice(0, 200),
  };
}

/** Neighbours as one range, so that the Web UI shows "1-5" and not five numbers. */
function rangesOf<Unit>(ascending: readonly number[], word: (value: number) => Unit): LooseRange<Unit>[] {
  const ranges: { start: number; end: number }[] = [];
  for (const value of ascending) {
    const last = ranges.at(-1);
    if (last && last.end === value - 1) last.end = value;
    else ranges.push({ start: value, end: value });
  }
  return ranges.map(({ start, end }) => ({ start: word(start), end: word(end) }));
}
