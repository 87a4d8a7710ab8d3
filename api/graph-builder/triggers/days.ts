/** The last three fields of a cron expression: day of month, month, day of week. */
export interface DayFields {
  dayOfMonth: string;
  month: string;
  dayOfWeek: string;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?';
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(january|february|march|april|may|june|july|august|september|october|november|december)';
const ORDINALS: { [word: string]: number } = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  tenth: 10,
  fifteenth: 15,
  twentieth: 20,
};

const any = { dayOfMonth: '*', month: '*', dayOfWeek: '*' };

/** The days that a sentence names; undefined when it names none or none that fit into cron. */
export function findDays(text: string): DayFields | undefined {
  return (
    findYearDay(text) ??
    findMonthDay(text) ??
    findWeekdays(text) ??
    (/\b(?:every|each)\s+(?:single\s+)?(?:day|morning|noon|afternoon|evening|night)\b|\bdaily\b|\bonce a day\b/i.test(text)
      ? any
      : undefined)
  );
}

/** "the last Friday of the month", "every other week": days that five fields cannot say. */
export function namesUnfittingDay(text: string): boolean {
  const ofMonth = new RegExp(
    `\\b(?:last|first|second|third|fourth)\\s+(?:${DAY}|weekday|day)\\s+(?:of|in)\\s+(?:the|each|every|a)\\s+month\\b|\\blast\\s+(?:business|working)\\s+day\\s+of\\b`,
    'i',
  );
  const alternating = new RegExp(
    `\\b(?:every\\s+(?:other|second)|alternate)\\s+(?:${DAY}|weeks?|days?|months?)\\b|\\b(?:fortnightly|biweekly|bi-weekly)\\b`,
    'i',
  );
  return (ofMonth.test(text) && !/\bfirst\s+day\s+of\b/i.test(text)) || alternating.test(text);
}

function findYearDay(text: string): DayFields | undefined {
  const dayFirst = new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${MONTH}\\b`, 'i').exec(text);
  const monthFirst = new RegExp(`\\b${MONTH}\\s+(\\d{1,2})(?:st|nd|rd|th)?\\b`, 'i').exec(text);
  const day = Number(dayFirst?.[1] ?? monthFirst?.[2]);
  const month = dayFirst?.[2] ?? monthFirst?.[1];
  if (month === undefined || day < 1 || day > 31) return undefined;
  return { dayOfMonth: String(day), month: String(MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1), dayOfWeek: '*' };
}

function findMonthDay(text: string): DayFields | undefined {
  if (/\bfirst (?:business|working) day of (?:the|each|every) month\b/i.test(text)) return { ...any, dayOfMonth: '1-3' };
  const match =
    /\b(?:(\d{1,2})(?:st|nd|rd|th)?|(first|fifteenth|tenth|twentieth))(?:\s+day)?\s+of\s+(?:the|each|every)\s+month\b/i.exec(
      text,
    );
  if (match) {
    const day = match[1] ? Number(match[1]) : ORDINALS[match[2]!.toLowerCase()]!;
    return day >= 1 && day <= 31 ? { ...any, dayOfMonth: String(day) } : undefined;
  }
  return /\b(?:every|each|once a) month\b|\bmonthly\b/i.test(text) && !/\bmonthly (?:figures|report|digest)\b/i.test(text)
    ? { ...any, dayOfMonth: '1' }
    : undefined;
}

function findWeekdays(text: string): DayFields | undefined {
  if (/\b(?:weekdays?|working days?|business days?|work days?|workdays?)\b/i.test(text)) return { ...any, dayOfWeek: '1-5' };
  const range = new RegExp(
    `\\b(${DAY}|mon|tue|wed|thu|fri|sat|sun)\\s*(?:to|through|till|until|-|–)\\s*(${DAY}|mon|tue|wed|thu|fri|sat|sun)\\b`,
    'i',
  ).exec(text);
  if (range) return { ...any, dayOfWeek: rangeOf(numberOf(range[1]!), numberOf(range[2]!)) };
  const named = [...text.matchAll(new RegExp(`\\b(?:(every|each|on)\\s+)?(${DAY})\\b`, 'gi'))].filter(
    (match) => !/\b(?:last|next|since|until|by|from)\s+$/i.test(text.slice(0, match.index)),
  );
  const days = [...new Set(named.map((match) => numberOf(match[2]!)))].sort((one, other) => one - other);
  if (days.length > 0) return { ...any, dayOfWeek: days.join(',') };
  if (/\b(?:every|each|at the|on) weekends?\b|\bon weekends\b/i.test(text)) return { ...any, dayOfWeek: '0,6' };
  return /\b(?:every|each|once a) week\b|\bweekly\b/i.test(text) ? { ...any, dayOfWeek: '1' } : undefined;
}

function numberOf(day: string): number {
  return WEEKDAYS.indexOf(day.slice(0, 3).toLowerCase());
}

function rangeOf(from: number, to: number): string {
  return from <= to ? `${from}-${to}` : to === 0 ? `${from}-6,0` : `0-${to},${from}-6`;
}
