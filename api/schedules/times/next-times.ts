import type { TimeSets } from '../../../contracts/schedule.ts';
import { openZone, type Zone } from './zone.ts';

const DAY_MS = 86_400_000;
/** Ten 29ths of February, and the year 2100, which has none. */
const MAX_DAYS = 366 * 49;

/**
 * The next `count` instants of a schedule after `after`, as Temporal takes them: a time that the clocks skip is left out,
 * one that they show twice is taken twice. (Where clocks go back by less than an hour, on Lord Howe Island, Temporal takes the
 * second showing only.)
 */
export function nextTimes(entries: readonly TimeSets[], timezone: string, after: Date, count: number): Date[] {
  const zone = openZone(timezone);
  const found = new Set<number>();
  const today = startOfDay(zone.toLocal(after.getTime()));
  // From yesterday on: where clocks go back at midnight, a day that is over comes again.
  for (let day = today - DAY_MS; day < today + MAX_DAYS * DAY_MS && found.size < count; day += DAY_MS) {
    for (const instant of timesOfDay(entries, zone, day)) if (instant > after.getTime()) found.add(instant);
  }
  return [...found]
    .toSorted((one, other) => one - other)
    .slice(0, count)
    .map((ms) => new Date(ms));
}

/** Whether a schedule is due at this very instant. */
export function isDueAt(entries: readonly TimeSets[], timezone: string, instant: Date): boolean {
  const local = openZone(timezone).toLocal(instant.getTime());
  const clock = new Date(local);
  return (
    instant.getTime() % 60_000 === 0 &&
    entries.some(
      (entry) =>
        isOnDay(entry, local) && entry.hours.includes(clock.getUTCHours()) && entry.minutes.includes(clock.getUTCMinutes()),
    )
  );
}

function timesOfDay(entries: readonly TimeSets[], zone: Zone, day: number): number[] {
  return entries
    .filter((entry) => isOnDay(entry, day))
    .flatMap(({ hours, minutes }) =>
      hours.flatMap((hour) => minutes.flatMap((minute) => zone.toInstants(day + (hour * 60 + minute) * 60_000))),
    );
}

function isOnDay(entry: TimeSets, local: number): boolean {
  const date = new Date(local);
  return (
    entry.months.includes(date.getUTCMonth() + 1) &&
    entry.days_of_month.includes(date.getUTCDate()) &&
    entry.days_of_week.includes(date.getUTCDay())
  );
}

function startOfDay(local: number): number {
  return Math.floor(local / DAY_MS) * DAY_MS;
}
