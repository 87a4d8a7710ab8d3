import { ClancyError } from '../../../contracts/errors.ts';
import type { TimeSets } from '../../../contracts/schedule.ts';

interface Field {
  name: string;
  set: keyof TimeSets;
  from: number;
  to: number;
  /** Words for the numbers from `from` on. */
  words?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const FIELDS: readonly Field[] = [
  { name: 'minute', set: 'minutes', from: 0, to: 59 },
  { name: 'hour', set: 'hours', from: 0, to: 23 },
  { name: 'day of month', set: 'days_of_month', from: 1, to: 31 },
  { name: 'month', set: 'months', from: 1, to: 12, words: MONTHS },
  // 7 is Sunday too, so that `5-7` can be said.
  { name: 'day of week', set: 'days_of_week', from: 0, to: 7, words: DAYS },
];

/**
 * The times of a cron expression: minute, hour, day of month, month, day of week, with `*`, lists, ranges and steps. A day
 * must fit both its fields, as at Temporal, and unlike some crons.
 *
 * @throws ClancyError `invalid_request` naming the field that cannot be read.
 */
export function parseCron(cron: string): TimeSets {
  const texts = cron.trim().split(/\s+/);
  if (texts.length !== FIELDS.length) {
    throw unreadable(`five fields (minute, hour, day of month, month, day of week), not ${texts.length}`);
  }
  const sets = FIELDS.map((field, index) => [field.set, parseField(field, texts[index] ?? '')] as const);
  return Object.fromEntries(sets) as Record<keyof TimeSets, number[]>;
}

function parseField(field: Field, text: string): number[] {
  const values = text.split(',').flatMap((part) => parsePart(field, part));
  const bare = field.set === 'days_of_week' ? values.map((day) => day % 7) : values;
  return [...new Set(bare)].toSorted((one, other) => one - other);
}

function parsePart(field: Field, part: string): number[] {
  const match = /^(?:(\*)|([a-z0-9]+)(?:-([a-z0-9]+))?)(?:\/(\d{1,2}))?$/.exec(part.toLowerCase());
  if (!match) throw notIn(field, part);
  const [, isAny, first, last, step] = match;
  const from = isAny === undefined ? numberOf(field, first, part) : field.from;
  // A step behind one number goes on to the end, as in other crons.
  const open = isAny !== undefined || (last === undefined && step !== undefined);
  const to = open ? field.to - (field.to === 7 ? 1 : 0) : numberOf(field, last ?? first, part);
  const by = Number(step ?? 1);
  if (by === 0) throw notIn(field, part, 'a step is 1 or more');
  if (to < from) throw notIn(field, part, 'a range ascends');
  return Array.from({ length: Math.floor((to - from) / by) + 1 }, (_, index) => from + index * by);
}

function numberOf(field: Field, text: string | undefined, part: string): number {
  const word = field.words?.indexOf(text ?? '') ?? -1;
  const value = word >= 0 ? word + field.from : /^\d{1,2}$/.test(text ?? '') ? Number(text) : Number.NaN;
  if (value >= field.from && value <= field.to) return value;
  throw notIn(field, part);
}

function notIn(field: Field, part: string, why = `${field.from} to ${field.to}`): ClancyError {
  return unreadable(`the field "${field.name}" cannot hold "${part.slice(0, 40)}" (${why})`);
}

function unreadable(what: string): ClancyError {
  return new ClancyError('invalid_request', `This is no cron expression: ${what}.`, {
    fields: [{ field: '/times/cron', message: what }],
    next: 'Write five fields, such as "0 9 * * 1-5" for 9:00 from Monday to Friday.',
  });
}
