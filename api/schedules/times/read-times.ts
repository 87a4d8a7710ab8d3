import { ClancyError } from '../../../contracts/errors.ts';
import type { ScheduleTimes, TimeSets } from '../../../contracts/schedule.ts';
import { parseCron } from './cron.ts';

const DAYS_OF_WEEK = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const;

/** Days that a month can have at most, February in its long year. */
const LONGEST = [31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/**
 * The times that were said, as sets; a calendar has one entry per time of day.
 * @throws ClancyError `invalid_request` for a cron expression that cannot be read, and for times that never come.
 */
export function readTimes(times: ScheduleTimes): TimeSets[] {
  const entries = 'cron' in times ? [parseCron(times.cron)] : fromCalendar(times.calendar);
  if (entries.some(comes)) return entries;
  const field = 'cron' in times ? '/times/cron' : '/times/calendar';
  throw new ClancyError('invalid_request', 'No such day ever comes.', {
    fields: [{ field, message: 'none of its months has such a day' }],
  });
}

type Calendar = Extract<ScheduleTimes, { calendar: unknown }>['calendar'];

function fromCalendar(calendar: Calendar): TimeSets[] {
  const days = {
    days_of_month: ascending(calendar.days_of_month ?? upTo(31).slice(1)),
    months: ascending(calendar.months ?? upTo(12).slice(1)),
    days_of_week: ascending((calendar.days_of_week ?? DAYS_OF_WEEK).map((day) => DAYS_OF_WEEK.indexOf(day))),
  };
  return ascending(calendar.at.map(minuteOfDay)).map((minute) => ({
    minutes: [minute % 60],
    hours: [Math.floor(minute / 60)],
    ...days,
  }));
}

function comes({ days_of_month: [earliest = 1], months }: TimeSets): boolean {
  return months.some((month) => earliest <= (LONGEST[month - 1] ?? 0));
}

function minuteOfDay(clock: string): number {
  const [hours, minutes] = clock.split(':').map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

function upTo(last: number): number[] {
  return Array.from({ length: last + 1 }, (_, index) => index);
}

function ascending(values: number[]): number[] {
  return [...new Set(values)].toSorted((one, other) => one - other);
}
