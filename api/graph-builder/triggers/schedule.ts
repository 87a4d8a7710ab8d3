import type { DayRule } from '../../../contracts/employee-graph.ts';
import { findClocks, type ClockTime } from './clock.ts';
import { findDays, type DayFields } from './days.ts';

export interface ScheduleFound {
  /** Five fields: minute, hour, day of month, month, day of week (0 = Sunday). */
  cron: string;
  timeGiven: boolean;
  /** What five fields cannot say: of the days in them only these. */
  rule?: DayRule;
}

/** Hour taken when the text names a day but no time. */
const DEFAULT_HOUR = 9;
const COUNTS: { [word: string]: number } = {
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  eight: 8,
  ten: 10,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
  thirty: 30,
};
const COUNT = `(\\d{1,2}|${Object.keys(COUNTS).join('|')})`;

/** The first schedule that a text states. */
export function findSchedule(text: string): ScheduleFound | undefined {
  return findSchedules(text)[0];
}

/**
 * The schedules that a text states: one, or one for each minute of the hour where it names several times that one cron
 * expression cannot hold ("at 22:15 and again at 5"). `days`: those of the sentence before, for one that names only a time.
 */
export function findSchedules(text: string, days?: string): ScheduleFound[] {
  const plain = text
    .replace(/"[^"]*"/g, ' ')
    .replace(/#[\p{L}\p{N}_-]+/gu, ' ')
    .replace(/https?:\S+/g, ' ');
  const interval = findInterval(plain);
  if (interval !== undefined) return [{ cron: interval, timeGiven: true }];
  const named = findDays(plain);
  const clocks = findClocks(plain);
  if (!named)
    return clocks.some(({ given }) => given) && startsWithTime(plain) ? atTimes(clocks, days ?? '* * *', undefined) : [];
  const twice = /\b(?:twice (?:a|per) day|twice daily|two times a day)\b/i.test(plain) && clocks.length < 2;
  const times = twice
    ? [
        { hour: 9, minute: 0, given: false },
        { hour: 16, minute: 0, given: false },
      ]
    : clocks;
  return atTimes(times, `${named.dayOfMonth} ${named.month} ${named.dayOfWeek}`, named.rule);
}

/** The last three fields of a schedule. */
export function daysOf(cron: string): string {
  return cron.split(' ').slice(2).join(' ');
}

function atTimes(clocks: ClockTime[], days: string, rule: DayFields['rule']): ScheduleFound[] {
  const times = clocks.length > 0 ? clocks : [{ hour: DEFAULT_HOUR, minute: 0, given: false }];
  const byMinute = new Map<number, ClockTime[]>();
  for (const clock of times) byMinute.set(clock.minute, [...(byMinute.get(clock.minute) ?? []), clock]);
  return [...byMinute].map(([minute, at]) => ({
    cron: `${minute} ${at
      .map(({ hour }) => hour)
      .sort((one, other) => one - other)
      .join(',')} ${days}`,
    timeGiven: at.every(({ given }) => given),
    ...(rule && { rule }),
  }));
}

/** "05:30: hand-over message", "At 8:15 post …": a time alone is one of each day. */
function startsWithTime(text: string): boolean {
  return (
    /^\W*(?:and\s+|then\s+)?(?:(?:at|around)\s+)?(?:\d{1,2}[:.]\d{2}|\d{1,2}\s*[ap]\.?m\b|noon|midnight)/i.test(text) ||
    /\bat\s+\d{1,2}:\d{2}\b/i.test(text)
  );
}

function findInterval(text: string): string | undefined {
  const hours = hoursOf(text);
  const days = intervalDays(text, hours !== '*');
  const minutes = new RegExp(`\\bevery\\s+${COUNT}\\s+min(?:ute)?s?\\b`, 'i').exec(text);
  if (minutes && 60 % countOf(minutes[1]!) === 0) return `*/${countOf(minutes[1]!)} ${hours} ${days}`;
  if (/\bevery\s+half[- ](?:an\s+)?hour\b/i.test(text)) return `*/30 ${hours} ${days}`;
  if (/\bevery quarter (?:of an )?hour\b/i.test(text)) return `*/15 ${hours} ${days}`;
  const every = new RegExp(`\\bevery\\s+(?:${COUNT}|other|second)\\s+hours?\\b`, 'i').exec(text);
  if (every) {
    const count = every[1] === undefined ? 2 : countOf(every[1]);
    if (count < 1 || count > 23) return undefined;
    return hours !== '*' ? `0 ${hours}/${count} ${days}` : 24 % count === 0 ? `0 */${count} ${days}` : undefined;
  }
  return /\b(?:every hour|each hour|hourly|once an hour|every full hour|on the hour)\b/i.test(text)
    ? `0 ${hours} ${days}`
    : undefined;
}

/** "during office hours", "between 8 and 18". */
function hoursOf(text: string): string {
  const range =
    /\b(?:between|from)\s+(\d{1,2})(?::00)?\s*(am|pm)?\s*(?:and|to|until|till|-|–)\s*(\d{1,2})(?::00)?\s*(am|pm)?/i.exec(text);
  if (range) {
    const from = toHour(range[1]!, range[2]);
    const to = toHour(range[3]!, range[4]);
    if (from < to && to < 24) return `${from}-${to}`;
  }
  return /\b(?:office|business|working|work|opening) hours\b|\bduring the day\b/i.test(text) ? '9-17' : '*';
}

function intervalDays(text: string, isOffice: boolean): string {
  const days = findDays(text.replace(/\bevery\s+\S+\s+(?:hours?|minutes?)\b/gi, ' '));
  if (days) return `${days.dayOfMonth} ${days.month} ${days.dayOfWeek}`;
  return isOffice && /\b(?:office|business|working|work) hours\b/i.test(text) ? '* * 1-5' : '* * *';
}

function countOf(text: string): number {
  return COUNTS[text.toLowerCase()] ?? Number(text);
}

function toHour(hour: string, half: string | undefined): number {
  return Number(hour) + (half?.toLowerCase() === 'pm' && Number(hour) < 12 ? 12 : 0);
}
