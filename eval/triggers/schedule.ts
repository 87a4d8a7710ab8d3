import type { DayRule } from '../../contracts/employee-graph.ts';
import type { TimeSets } from '../../contracts/schedule.ts';
import { parseCron } from '../../api/schedules/times/cron.ts';
import type { ScheduleLabel } from '../set/schema.ts';
import { isSameZone } from './zones.ts';

export interface Schedule {
  cron: string;
  timezone: string | null;
  /** Of the days that the cron holds, those on which something is done. */
  only_on?: DayRule | undefined;
}

/** 1 = means the same, a half = a fixed calendar day for a day that moves with the week, else 0. */
export function scoreSchedule(label: ScheduleLabel, proposed: Schedule): number {
  if (label.timezone !== null && !isSameZone(label.timezone, proposed.timezone)) return 0;
  const sets = parseCron(proposed.cron);
  const accepted = [label.cron, ...label.accept].map(parseCron);
  if (proposed.only_on !== undefined) return accepted.some((wanted) => isByRule(wanted, sets, label, proposed.only_on)) ? 1 : 0;
  if (accepted.some((wanted) => isSame(wanted, sets, label.time_given))) return 1;
  return accepted.some((wanted) => isFixedDayOf(wanted, sets, label.time_given)) ? 0.5 : 0;
}

/** The rule itself in place of the days on which it can fall: those at the beginning of the month, or at its end. */
function isByRule(
  wanted: TimeSets,
  sets: TimeSets,
  { time_given: isTimeGiven }: ScheduleLabel,
  rule: DayRule | undefined,
): boolean {
  if (!isRange(wanted.days_of_month) || !isSameMonthAndTime(wanted, sets, isTimeGiven)) return false;
  return rule === 'first_business_day'
    ? wanted.days_of_month[0] === 1
    : rule !== 'every_other_week' && wanted.days_of_month.at(-1) === 31;
}

function isSame(wanted: TimeSets, sets: TimeSets, isTimeGiven: boolean): boolean {
  return (
    isSameSet(wanted.days_of_month, sets.days_of_month) &&
    isSameSet(wanted.days_of_week, sets.days_of_week) &&
    isSameMonthAndTime(wanted, sets, isTimeGiven)
  );
}

function isSameMonthAndTime(wanted: TimeSets, sets: TimeSets, isTimeGiven: boolean): boolean {
  const isTime = isSameSet(wanted.minutes, sets.minutes) && isSameSet(wanted.hours, sets.hours);
  return isSameSet(wanted.months, sets.months) && (isTime || !isTimeGiven);
}

/** A range of some days of the month stands for one day in it that depends on the week. */
function isFixedDayOf(wanted: TimeSets, sets: TimeSets, isTimeGiven: boolean): boolean {
  const [day, ...others] = sets.days_of_month;
  const isFixed = day !== undefined && others.length === 0 && sets.days_of_week.length === 7;
  const isWithin = isFixed && isRange(wanted.days_of_month) && wanted.days_of_month.includes(day);
  return isWithin && isSameMonthAndTime(wanted, sets, isTimeGiven);
}

function isRange(days: readonly number[]): boolean {
  const [first, last] = [days[0] ?? 0, days.at(-1) ?? 0];
  return days.length >= 2 && days.length <= 10 && last - first === days.length - 1;
}

function isSameSet(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((value, index) => value === other[index]);
}

/** Whether it comes at least once in each hour of each day. */
export function isHourly(cron: string): boolean {
  const { hours, days_of_month: days, months, days_of_week: weekdays } = parseCron(cron);
  return hours.length === 24 && days.length === 31 && months.length === 12 && weekdays.length === 7;
}
