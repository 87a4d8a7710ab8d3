import type { DayRule, TriggerProposal } from '../../../contracts/employee-graph.ts';

const DAY_MS = 86_400_000;
/** JSONata over `$at`, the moment in the zone's own time as milliseconds. */
const weekday = '$fromMillis($at, "[FNn]")';
const dayIn = (days: number): string => `$number($fromMillis($at + ${days * DAY_MS}, "[D]"))`;
const isWorkday = `$not(${weekday} in ["Saturday", "Sunday"])`;
const HOLDS: { [rule in DayRule]: string } = {
  first_business_day: `${isWorkday} and (${dayIn(0)} = 1 or (${weekday} = "Monday" and ${dayIn(0)} <= 3))`,
  last_business_day: `${isWorkday} and (${dayIn(1)} = 1 or (${weekday} = "Friday" and (${dayIn(2)} = 1 or ${dayIn(3)} = 1)))`,
  last_day: `${dayIn(1)} = 1`,
  last_weekday: `${dayIn(7)} <= 7`,
  // Weeks from Monday on, counted from 5 January 1970; the even ones.
  every_other_week: `$floor(($at / ${DAY_MS} + 3) / 7) % 2 = 0`,
};

/**
 * What a run that a schedule started must meet besides the cron expression's days, as the end of an edge's condition; empty
 * without a rule. Public holidays are not known. The zone counts with the offset of its winter: an hour off only matters
 * beside midnight.
 */
export function dayCondition(trigger: TriggerProposal): string {
  if (trigger.type !== 'schedule' || trigger.only_on === undefined) return '';
  const offset = offsetOf(trigger.timezone ?? 'UTC');
  return ` and (trigger.type != "schedule" or ($at := $toMillis(now) + ${offset}; ${HOLDS[trigger.only_on]}))`;
}

/** Offset of a zone from UTC in winter, in milliseconds. */
function offsetOf(timezone: string): number {
  const name = new Intl.DateTimeFormat('en-US', { timeZone: timezone, timeZoneName: 'longOffset' })
    .formatToParts(new Date('2026-01-15T12:00:00Z'))
    .find(({ type }) => type === 'timeZoneName')?.value;
  const [, sign, hours = '0', minutes = '0'] = /GMT([+-])(\d{1,2}):?(\d{2})?/.exec(name ?? '') ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours) * 60 + Number(minutes)) * 60_000;
}
