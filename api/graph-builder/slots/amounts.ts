const NUMBER_WORDS: { [word: string]: number } = {
  one: 1,
  two: 2,
  three: 3,
  four: 4,
  five: 5,
  six: 6,
  seven: 7,
  eight: 8,
  nine: 9,
  ten: 10,
  twelve: 12,
  fifteen: 15,
  twenty: 20,
};
const NUMBER = `(\\d{1,3}|${Object.keys(NUMBER_WORDS).join('|')})`;

function toNumber(text: string): number {
  return NUMBER_WORDS[text.toLowerCase()] ?? Number(text);
}

/** "the best five", "top 3", "up to ten messages": 1 to 50. */
export function findCount(text: string): number | undefined {
  const match =
    new RegExp(`\\b(?:best|top|first|newest|most \\w+|up to|at most|no more than)\\s+${NUMBER}\\b`, 'i').exec(text) ??
    new RegExp(`\\b${NUMBER}\\s+(?:best|top|most|biggest|liveliest|newest)\\b`, 'i').exec(text);
  if (!match) return undefined;
  const count = toNumber(match[1]!);
  return count >= 1 && count <= 50 ? count : undefined;
}

/** How far back a duty looks, in hours. A week is seven days; a weekend reaches back to Friday morning. */
export function findHours(text: string): number | undefined {
  const given = new RegExp(`\\b(?:last|past|previous)\\s+${NUMBER}\\s+(hour|day|week|month)s?\\b`, 'i').exec(text);
  if (given)
    return (
      toNumber(given[1]!) *
      { hour: 1, day: 24, week: 168, month: 744 }[given[2]!.toLowerCase() as 'hour' | 'day' | 'week' | 'month']
    );
  if (/\b(?:weekend)\b/i.test(text)) return 72;
  if (/\b(?:(?:last|past|previous|this|the) week(?:'s)?|during the week|weekly|of the week)\b/i.test(text)) return 168;
  if (/\b(?:(?:last|past|previous|this) month(?:'s)?|monthly)\b/i.test(text)) return 744;
  if (/\bovernight\b/i.test(text)) return 16;
  if (
    /\b(?:yesterday(?:'s)?|(?:last|past|previous|the|today's) day(?:'s)?|today(?:'s)?|daily|since (?:the )?morning)\b/i.test(text)
  )
    return 24;
  if (/\b(?:last|past|previous) hour\b/i.test(text)) return 1;
  return undefined;
}

/** "in the next seven days", "within two weeks", "a week ahead", "due this week": days. */
export function findDaysAhead(text: string): number | undefined {
  const match =
    new RegExp(
      `\\b(?:next|coming|following|within|in|upcoming)\\s+(?:the\\s+)?(?:next\\s+|coming\\s+)?(?:an?\\s+|${NUMBER}\\s+)?(day|week|month)s?\\b`,
      'i',
    ).exec(text) ??
    new RegExp(`\\b${NUMBER}\\s+(day|week|month)s?\\s+(?:ahead|before|in advance|prior|from now|out)\\b`, 'i').exec(text) ??
    /\b(?:due|coming up|planned|scheduled|on)\s+(?:for\s+)?(this)\s+(week|month)\b/i.exec(text);
  if (!match) return /\btomorrow\b/i.test(text) ? 1 : undefined;
  const days = { day: 1, week: 7, month: 30 }[match[2]!.toLowerCase() as 'day'];
  return (match[1] === undefined || match[1].toLowerCase() === 'this' ? 1 : toNumber(match[1])) * days;
}

/** "30 minutes before", "after half an hour", "within two hours": minutes. */
export function findMinutes(text: string): number | undefined {
  if (/\bhalf an hour\b/i.test(text)) return 30;
  const match = new RegExp(`\\b(?:an?\\s+|${NUMBER}[\\s-]+)(minute|hour)s?\\b`, 'i').exec(text);
  if (!match) return undefined;
  return (match[1] === undefined ? 1 : toNumber(match[1])) * (match[2]!.toLowerCase() === 'hour' ? 60 : 1);
}

const TIMES: { [word: string]: number } = { once: 1, twice: 2, thrice: 3 };

/** "at most 3 reminders", "no more than twice", "not more than three times": 1 to 50. */
export function findTimes(text: string): number | undefined {
  const match = new RegExp(
    `\\b(?:at most|up to|(?:no|not|never)(?: \\p{L}+){0,6}? more tha?en?|maximum(?: of)?|max\\.?|a maximum of|limit of)\\s+(once|twice|thrice|${NUMBER.slice(1, -1)})\\b`,
    'iu',
  ).exec(text);
  if (!match) return undefined;
  const word = match[1]!.toLowerCase();
  const times = TIMES[word] ?? toNumber(word);
  return times >= 1 && times <= 50 ? times : undefined;
}

const CURRENCY = '(?:euros?|eur|dollars?|usd|pounds?|gbp|francs?|chf)';

/** "over 500 euros", "more than $1,200.50": the amount above which something is meant. */
export function findMoney(text: string): number | undefined {
  const match = new RegExp(
    `\\b(?:over|above|more than|exceeding|larger than|bigger than)\\s+(?:[€$£]\\s?([\\d.,]*\\d)|([\\d.,]*\\d)\\s?(?:[€$£]|${CURRENCY}\\b))`,
    'i',
  ).exec(text);
  const digits = match?.[1] ?? match?.[2];
  return digits === undefined ? undefined : toAmount(digits);
}

/** "1,200", "1.200" and "1,200.50": two digits at the end after a mark are cents, every other mark parts thousands. */
function toAmount(digits: string): number | undefined {
  const [, whole = digits, cents = '0'] = /^(.*)[.,](\d{2})$/.exec(digits) ?? [];
  const amount = Number(`${whole.replace(/[.,]/g, '')}.${cents}`);
  return Number.isFinite(amount) ? amount : undefined;
}

/** "at least two weeks late", "more than 30 days overdue": the first day that is meant. */
export function findDaysLate(text: string): number | undefined {
  const match = new RegExp(
    `\\b(?:(at least|from)|(more than|over))\\s+(?:an?\\s+|${NUMBER}\\s+)(day|week|month)s?\\s+(?:late|overdue|past due|behind)`,
    'i',
  ).exec(text);
  if (!match) return undefined;
  const days =
    (match[3] === undefined ? 1 : toNumber(match[3])) * { day: 1, week: 7, month: 30 }[match[4]!.toLowerCase() as 'day'];
  return match[2] === undefined ? days : days + 1;
}
