import type { Json } from '../../../contracts/json.ts';
import type { Duty } from '../match/duty.ts';
import { literal, overridable } from './literals.ts';

/**
 * How far back a duty looks: what the text says, else the time since its schedule's last turn.
 * From Monday to Friday that depends on the day: on Monday it reaches back to Friday (read in UTC).
 */
export function hoursInput(name: string, duty: Duty): Json {
  const value = duty.slots[name] ?? 0;
  if (value !== 0 || duty.trigger.type !== 'schedule') return overridable(name, value);
  const days = duty.trigger.cron.split(' ').slice(2).join(' ');
  if (days === '* * 1-5') {
    return `=$exists(trigger.payload.${name}) ? trigger.payload.${name} : $fromMillis($toMillis(now), "[FNn]") = "Monday" ? 72 : 24`;
  }
  return `=$exists(trigger.payload.${name}) ? trigger.payload.${name} : ${literal(hoursOf(duty.trigger.cron))}`;
}

/** Longest pause between two turns of a cron expression, in hours; whole days at least, a month as 31 days. */
function hoursOf(cron: string): number {
  const [, hour, dayOfMonth, month, dayOfWeek] = cron.split(' ');
  if (month !== '*') return 366 * 24;
  if (dayOfMonth !== '*') return 31 * 24;
  if (dayOfWeek !== '*') return longestGap(dayOfWeek ?? '*') * 24;
  return hour === '*' || hour?.startsWith('*/') ? Number(hour.slice(2) || 1) : 24;
}

function longestGap(dayOfWeek: string): number {
  const days = dayOfWeek
    .split(',')
    .flatMap((part) => {
      const [from, to] = part.split('-').map(Number);
      return Array.from({ length: (to ?? from ?? 0) - (from ?? 0) + 1 }, (_, step) => (from ?? 0) + step);
    })
    .sort((one, other) => one - other);
  const gaps = days.map((day, at) => ((days[(at + 1) % days.length] ?? day) - day + 7) % 7 || 7);
  return Math.max(...gaps);
}
