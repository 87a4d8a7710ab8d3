import { findClock } from './clock.ts';
import { findDays, namesUnfittingDay } from './days.ts';

export interface ScheduleFound {
  /** Five fields: minute, hour, day of month, month, day of week (0 = Sunday). */
  cron: string;
  timeGiven: boolean;
}

/** Hour taken when the text names a day but no time. */
const DEFAULT_HOUR = 9;

/** The schedule that a sentence states; `unfitting` = it states one that five fields cannot say. */
export function findSchedule(text: string): ScheduleFound | 'unfitting' | undefined {
  const plain = text.replace(/"[^"]*"/g, ' ').replace(/#[\p{L}\p{N}_-]+/gu, ' ');
  const interval = findInterval(plain);
  if (interval) return { cron: interval, timeGiven: true };
  if (namesUnfittingDay(plain)) return 'unfitting';
  const days = findDays(plain);
  const clock = findClock(plain);
  if (!days) return undefined;
  const minute = clock?.minute ?? 0;
  const hour = clock?.hour ?? DEFAULT_HOUR;
  return { cron: `${minute} ${hour} ${days.dayOfMonth} ${days.month} ${days.dayOfWeek}`, timeGiven: clock?.given ?? false };
}

function findInterval(text: string): string | undefined {
  const minutes = /\bevery (\d{1,2}) minutes\b/i.exec(text);
  if (minutes && 60 % Number(minutes[1]) === 0) return `*/${Number(minutes[1])} * * * *`;
  if (/\b(?:every half hour|every half an hour)\b/i.test(text)) return '*/30 * * * *';
  const hours = /\bevery (\d{1,2}|two|three|four|six|eight|twelve) hours\b/i.exec(text);
  if (hours) {
    const count = { two: 2, three: 3, four: 4, six: 6, eight: 8, twelve: 12 }[hours[1]!.toLowerCase()] ?? Number(hours[1]);
    return count >= 1 && 24 % count === 0 ? `0 */${count} * * *` : undefined;
  }
  return /\b(?:every hour|each hour|hourly|once an hour)\b/i.test(text) ? '0 * * * *' : undefined;
}
