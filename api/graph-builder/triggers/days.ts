import type { DayRule } from '../../../contracts/employee-graph.ts';

/** The last three fields of a cron expression, and what they cannot say. A day must fit both its fields. */
export interface DayFields {
  dayOfMonth: string;
  month: string;
  dayOfWeek: string;
  /** Of the days in the fields only these. */
  rule?: DayRule;
}

const WEEKDAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const DAY = '(?:mon|tues|wednes|thurs|fri|satur|sun)days?';
const SHORT = '(?:Mon|Tues?|Wed|Thu(?:rs?)?|Fri|Sat|Sun)';
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTH = '(january|february|march|april|may|june|july|august|september|october|november|december)';
const SHORT_MONTH =
  '(january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec)';
const OF_MONTH = String.raw`(?:of|in)\s+(?:the|each|every|a|any)\s+(?:calendar\s+)?months?`;
const ORDINALS: { [word: string]: number } = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  tenth: 10,
  fifteenth: 15,
  twentieth: 20,
  last: -1,
  '1st': 1,
  '2nd': 2,
  '3rd': 3,
  '4th': 4,
};
const BUSINESS = '(?:business|working|work|bank|office|week)[ -]?days?';

const any = { dayOfMonth: '*', month: '*', dayOfWeek: '*' };

/** The days that a sentence names; undefined when it names none. */
export function findDays(text: string): DayFields | undefined {
  const days =
    findYearDays(text) ??
    findNthDay(text) ??
    findMonthDays(text) ??
    findQuarter(text) ??
    findAlternating(text) ??
    findWeekdays(text) ??
    findEveryDay(text);
  return days && withMonths(days, text);
}

function findEveryDay(text: string): DayFields | undefined {
  const every =
    /\b(?:every|each|all)\s+(?:single\s+)?(?:day|morning|noon|lunchtime|afternoon|evening|night)s?\b|\b(?:daily|nightly|once a day|twice a day|three times a day|day after day|mornings and evenings|a day at|per day at)\b|^(?:\W*)(?:mornings|evenings|nights|afternoons)\b/i;
  return every.test(text) ? { ...any } : undefined;
}

/** "20 December", "3 May", "15 January and 15 July", "April's and October's first business day". */
function findYearDays(text: string): DayFields | undefined {
  const business = new RegExp(`\\b${MONTH}(?:'s)?(?:\\s*(?:,|and)\\s*${MONTH}(?:'s)?)*(?:'s)?\\s+first\\s+${BUSINESS}`, 'i').exec(
    text,
  );
  if (business) return { dayOfMonth: '1-3', month: monthsIn(business[0]), dayOfWeek: '*', rule: 'first_business_day' };
  const found = [
    ...[...text.matchAll(new RegExp(`\\b(\\d{1,2})(?:st|nd|rd|th)?\\s+(?:of\\s+)?${SHORT_MONTH}\\b`, 'gi'))].map((match) => [
      match[1],
      match[2],
    ]),
    ...[...text.matchAll(new RegExp(`\\b${SHORT_MONTH}\\s+(?:the\\s+)?(\\d{1,2})(?:st|nd|rd|th)?\\b(?!:)`, 'gi'))].map(
      (match) => [match[2], match[1]],
    ),
  ].filter(([day]) => Number(day) >= 1 && Number(day) <= 31);
  if (
    found.length === 0 ||
    /\b(?:until|till|since|by|as of|born|founded|deadline)\s+\S+\s*\S*$/i.test(text.slice(0, text.search(/\d/)))
  )
    return undefined;
  const list = (values: number[]): string => [...new Set(values)].sort((one, other) => one - other).join(',');
  return {
    dayOfMonth: list(found.map(([day]) => Number(day))),
    month: list(found.map(([, month]) => monthNumber(month!))),
    dayOfWeek: '*',
  };
}

/** "the first Monday of the month", "the last business day of each month", "month-end". */
function findNthDay(text: string): DayFields | undefined {
  const nth =
    new RegExp(
      `\\b(first|second|third|fourth|last|1st|2nd|3rd|4th)\\s+(${BUSINESS}|${DAY}|day)\\s+(?:${OF_MONTH}|of\\s+(?:the\\s+)?(?:new\\s+)?(?:month|quarter|year)|of\\s+(?:each|every)\\s+(?:quarter|year))`,
      'i',
    ).exec(text) ??
    new RegExp(
      `\\b(?:every|each|on the)\\s+(first|second|third|fourth|last)\\s+(${BUSINESS}|${DAY})\\b(?!\\s+(?:after|before))`,
      'i',
    ).exec(text);
  const month = nth && /quarter/i.test(nth[0]) ? '1,4,7,10' : '*';
  if (nth) return nthOf(ORDINALS[nth[1]!.toLowerCase()] ?? 1, nth[2]!.toLowerCase(), month);
  if (
    /\b(?:at|by|on|before|towards)?\s*(?:the\s+)?(?:end of (?:the|each|every|a) month|month[- ]end|end of month|last of (?:the|each|every) month|each month's end)\b/i.test(
      text,
    ) &&
    !/\bopen at the end of\b|\bhow much\b/i.test(text)
  )
    return { ...any, dayOfMonth: '28-31', rule: 'last_day' };
  return undefined;
}

function nthOf(nth: number, day: string, month: string): DayFields | undefined {
  const lastMonth = month === '*' ? '*' : '3,6,9,12';
  if (new RegExp(`^${BUSINESS}$`, 'i').test(day)) {
    if (nth === 1) return { dayOfMonth: '1-3', month, dayOfWeek: '*', rule: 'first_business_day' };
    return nth === -1 ? { dayOfMonth: '26-31', month: lastMonth, dayOfWeek: '*', rule: 'last_business_day' } : undefined;
  }
  if (day === 'day')
    return nth === -1
      ? { dayOfMonth: '28-31', month: lastMonth, dayOfWeek: '*', rule: 'last_day' }
      : { dayOfMonth: String(nth), month, dayOfWeek: '*' };
  const dayOfWeek = String(numberOf(day));
  if (nth === -1) return { dayOfMonth: '22-31', month: lastMonth, dayOfWeek, rule: 'last_weekday' };
  return { dayOfMonth: `${(nth - 1) * 7 + 1}-${nth * 7}`, month, dayOfWeek };
}

function findMonthDays(text: string): DayFields | undefined {
  const number = String.raw`(?:\d{1,2}(?:st|nd|rd|th)?|first|second|third|fifth|tenth|fifteenth|twentieth)`;
  const list = `(${number}(?:\\s*(?:,|and|&|and the|, the|and on the)\\s*(?:the\\s+)?${number})*)`;
  const match =
    new RegExp(`\\b${list}(?:\\s+day)?\\s+${OF_MONTH}\\b`, 'i').exec(text) ??
    new RegExp(
      `\\b(?:on|every|each)\\s+(?:the\\s+)?((?:\\d{1,2}(?:st|nd|rd|th))(?:\\s*(?:,|and|&)\\s*(?:the\\s+)?\\d{1,2}(?:st|nd|rd|th))*)\\b(?!\\s+(?:floor|time|reminder|${SHORT_MONTH}))`,
      'i',
    ).exec(text) ??
    new RegExp(
      `\\b(?:monthly|(?:every|each|once a) month)\\b[^.;:]{0,12}?\\b(?:on|the)\\s+(?:the\\s+)?(\\d{1,2}(?:st|nd|rd|th)?)\\b`,
      'i',
    ).exec(text);
  if (match) {
    const days = [...match[1]!.matchAll(/\d{1,2}|first|second|third|fifth|tenth|fifteenth|twentieth/gi)].map(
      ([day]) => ORDINALS[day.toLowerCase()] ?? Number(day),
    );
    const fitting = [...new Set(days)].filter((day) => day >= 1 && day <= 31).sort((one, other) => one - other);
    const month = /\bquarter/i.test(text) ? '1,4,7,10' : '*';
    return fitting.length > 0 ? { ...any, month, dayOfMonth: fitting.join(',') } : undefined;
  }
  if (/\bmid[- ]month\b|\bmiddle of (?:the|each|every) month\b/i.test(text)) return { ...any, dayOfMonth: '15' };
  const monthly = /\b(?:every|each|once a) month\b|\bmonthly\b|\b(?:beginning|start) of (?:the|each|every) month\b/i.test(text);
  return monthly &&
    !/\bmonthly (?:figures|report|digest|numbers|fee|newsletter|summary|meeting|statement|overview|retainer|subscription)\b/i.test(
      text,
    )
    ? { ...any, dayOfMonth: '1' }
    : undefined;
}

function findQuarter(text: string): DayFields | undefined {
  if (/\b(?:end of (?:the|each|every|a) quarter|quarter[- ]end)\b/i.test(text))
    return { dayOfMonth: '28-31', month: '3,6,9,12', dayOfWeek: '*', rule: 'last_day' };
  if (
    /\b(?:every|each|once a|per) quarter\b|\bquarterly\b|\bof (?:each|every|the|a) quarter\b/i.test(text) &&
    !/\bquarterly (?:figures|report|numbers|review|fee)\b/i.test(text)
  )
    return { ...any, dayOfMonth: '1', month: '1,4,7,10' };
  if (/\b(?:every|each|once a|at the (?:beginning|start) of the) year\b|\b(?:yearly|annually)\b/i.test(text))
    return { ...any, dayOfMonth: '1', month: '1' };
  return undefined;
}

/** "every other Friday": each one in the fields, and the rule that leaves every second out. */
function findAlternating(text: string): DayFields | undefined {
  const match = new RegExp(
    `\\b(?:every\\s+(?:other|second|2nd)|alternate)\\s+(${DAY}|weeks?|days?|months?)\\b|\\b(?:fortnightly|biweekly|bi-weekly|every\\s+(?:fortnight|two\\s+weeks|2\\s+weeks)|once (?:a|every) fortnight)\\b`,
    'i',
  ).exec(text);
  if (!match) return undefined;
  const what = match[1]?.toLowerCase() ?? 'week';
  if (what.startsWith('month')) return { ...any, dayOfMonth: '1', month: '1,3,5,7,9,11' };
  if (what.startsWith('day')) return { ...any, dayOfMonth: '1-31/2' };
  const named = /week/.test(what) ? findWeekdays(text.replace(match[0], ' ')) : { ...any, dayOfWeek: String(numberOf(what)) };
  return { ...(named ?? { ...any, dayOfWeek: '1' }), rule: 'every_other_week' };
}

function findWeekdays(text: string): DayFields | undefined {
  const out = exceptions(text);
  if (out) return out;
  const range = new RegExp(
    `\\b(${DAY}|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\\.?\\s*(?:to|through|thru|till|until|-|–)\\s*(${DAY}|mon|tues?|wed|thu(?:rs?)?|fri|sat|sun)\\b`,
    'i',
  ).exec(text);
  if (range) return { ...any, dayOfWeek: rangeOf(numberOf(range[1]!), numberOf(range[2]!)) };
  const named = [...text.matchAll(new RegExp(`\\b(?:(every|each|on)\\s+)?(${DAY})\\b`, 'gi'))]
    .filter(
      (match) =>
        !/\b(?:last|next|since|until|by|from|for|before|after|till|of|this|than|closed on|closed|except(?: on)?|not on|never on|all|as of|starting)\s+(?:the\s+)?(?:on\s+)?$/i.test(
          text.slice(0, match.index),
        ),
    )
    .map((match) => numberOf(match[2]!));
  const short = [
    ...text.matchAll(
      new RegExp(
        `\\b${SHORT}(?=\\b(?:\\s*(?:[,/&+]|and)\\s*${SHORT}\\b|\\.?\\s+(?:at\\s+)?\\d|\\s*$|:))|(?<=${SHORT}\\s*(?:[,/&+]|and)\\s*)${SHORT}\\b`,
        'g',
      ),
    ),
  ].map(([day]) => numberOf(day));
  const days = [...new Set([...named, ...short])].sort((one, other) => one - other);
  if (days.length > 0) return { ...any, dayOfWeek: days.join(',') };
  if (
    new RegExp(
      `\\b(?:weekdays?|weeknights?|school (?:days?|mornings?)|(?:every|each|on|all)\\s+${BUSINESS}|(?:working|business|work|office)[ -]?days)\\b|^\\W*workdays?\\b|\\bmo-fr\\b|\\bm-f\\b`,
      'i',
    ).test(text)
  )
    return { ...any, dayOfWeek: '1-5' };
  if (/\b(?:every|each|at the|on|over the) weekends?\b|\bon weekends\b/i.test(text) && !/\bover the weekend\b/i.test(text))
    return { ...any, dayOfWeek: '0,6' };
  if (
    /\b(?:at|by|towards) the end of (?:the|each|every) week\b|\bend of (?:the|each|every) week\b|\bwhen the week is over\b/i.test(
      text,
    )
  )
    return { ...any, dayOfWeek: '5' };
  return /\b(?:every|each|once a) week\b|\bweekly\b|\b(?:start|beginning) of (?:the|each|every) week\b/i.test(text) &&
    !/\bweekly (?:figures|report|digest|numbers|meeting|summary|overview|newsletter)\b(?!.*\b(?:at|on)\b)/i.test(text)
    ? { ...any, dayOfWeek: '1' }
    : undefined;
}

/** "every night except Sunday", "daily but not on weekends". */
function exceptions(text: string): DayFields | undefined {
  const match = new RegExp(
    `\\b(?:every|each|daily|nightly|all)\\b[^.;]{0,30}?\\b(?:except|but(?: not)?|save|apart from|not)(?:\\s+(?:for|on))?\\s+(weekends|(?:${DAY})(?:\\s*(?:,|and|or)\\s*${DAY})*)`,
    'i',
  ).exec(text);
  if (!match) return undefined;
  const without = /weekends/i.test(match[1]!)
    ? [0, 6]
    : [...match[1]!.matchAll(new RegExp(DAY, 'gi'))].map(([day]) => numberOf(day));
  const left = [1, 2, 3, 4, 5, 6, 0].filter((day) => !without.includes(day)).sort((one, other) => one - other);
  const isRun = left.every((day, at) => at === 0 || day === left[at - 1]! + 1);
  return { ...any, dayOfWeek: isRun && left.length > 2 ? `${left[0]}-${left.at(-1)}` : left.join(',') };
}

/** "(only in April)", "from May to September": the months in which the days count. */
function withMonths(days: DayFields, text: string): DayFields {
  if (days.month !== '*') return days;
  const range = new RegExp(`\\b(?:from|between)\\s+${MONTH}\\s+(?:to|until|till|through|and)\\s+${MONTH}\\b`, 'i').exec(text);
  if (range) {
    const [from, to] = [monthNumber(range[1]!), monthNumber(range[2]!)];
    return { ...days, month: from <= to ? `${from}-${to}` : `1-${to},${from}-12` };
  }
  const only = new RegExp(`\\b(?:only (?:in|during)|during|in)\\s+(${MONTH}(?:\\s*(?:,|and|or)\\s*${MONTH})*)`, 'i').exec(text);
  return only ? { ...days, month: monthsIn(only[1]!) } : days;
}

function monthsIn(text: string): string {
  return [...new Set([...text.matchAll(new RegExp(MONTH, 'gi'))].map(([month]) => monthNumber(month)))]
    .sort((one, other) => one - other)
    .join(',');
}

function monthNumber(month: string): number {
  return MONTHS.indexOf(month.slice(0, 3).toLowerCase()) + 1;
}

function numberOf(day: string): number {
  return WEEKDAYS.indexOf(day.slice(0, 3).toLowerCase());
}

function rangeOf(from: number, to: number): string {
  return from <= to ? `${from}-${to}` : to === 0 ? `0,${from}-6` : `0-${to},${from}-6`;
}
