export interface ClockTime {
  hour: number;
  minute: number;
  /** False when only a part of the day was named. */
  given: boolean;
}

const PARTS_OF_DAY: [RegExp, number][] = [
  [/\b(?:early )?mornings?\b|\bfirst thing\b|\bbefore (?:work|opening)\b/i, 9],
  [/\b(?:noon|midday|lunch(?:time)?)\b/i, 12],
  [/\bafternoons?\b/i, 14],
  [/\b(?:evenings?|end of (?:the )?(?:work(?:ing)? )?day|close of business|cob|eod|after (?:work|closing))\b/i, 17],
  [/\b(?:nights?|midnight)\b/i, 0],
];
const WORDS: { [word: string]: number } = {
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
  eleven: 11,
  twelve: 12,
};
const WORD = Object.keys(WORDS).join('|');
const UNIT = String.raw`(?!\s*(?:%|euros?|dollars?|pounds?|francs?|days?|weeks?|months?|minutes?|min\b|hours?|people|messages?|items?|invoices?|lines?|times?|sentences?|of (?:them|the)|percent|per\b|\d|[.,]\d|working|business|open|most|least))`;
/** A range is no moment: "between 10 and 12", "from 9 to 17". */
const RANGES =
  /\b(?:between|from|open)\s+\d{1,2}(?::\d{2})?\s*(?:am|pm|h)?\s*(?:and|to|until|till|-|–)\s*\d{1,2}(?::\d{2})?\s*(?:am|pm|h)?\b|\b\d{1,2}(?::\d{2})?\s*(?:-|–|to)\s*\d{1,2}(?::\d{2})?\s*(?:o'clock|h\b)?(?=\s|$|[.,;)])(?!\s*(?:days?|weeks?|months?))/gi;

/** The clock times of a sentence: "9am", "at 15:30", "at 8 and 16", "half past seven"; a part of the day is not given. */
export function findClocks(text: string): ClockTime[] {
  const plain = text.replace(RANGES, ' ');
  const exact = [...new Map([...exactClocks(plain)].map((clock) => [clock.hour * 60 + clock.minute, clock])).values()];
  if (exact.length > 0) return exact;
  const part = PARTS_OF_DAY.find(([pattern]) => pattern.test(plain));
  return part ? [{ hour: part[1], minute: 0, given: false }] : [];
}

function* exactClocks(text: string): Generator<ClockTime> {
  let rest = text;
  /** The part of day of the nearest words says which half of the day a bare hour is in. */
  const take = function* (pattern: RegExp, read: (match: RegExpExecArray) => ClockTime | undefined): Generator<ClockTime> {
    for (const match of rest.matchAll(pattern)) {
      const clock = read(match);
      if (clock) yield clock;
    }
    rest = rest.replace(pattern, ' ~ ');
  };
  const halfOf = (match: RegExpExecArray): 'am' | 'pm' | undefined => dayHalf(rest, match.index + match[0].length, match.index);
  yield* take(/\b(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\.?|p\.?m\.?)(?![a-z])/gi, (match) =>
    toClock(Number(match[1]), Number(match[2] ?? 0), /^p/i.test(match[3]!) ? 'pm' : 'am'),
  );
  yield* take(new RegExp(String.raw`\b(half|quarter)\s+(past|to|before|after)\s+(\d{1,2}|${WORD})\b`, 'gi'), (match) => {
    const minutes = match[1]!.toLowerCase() === 'half' ? 30 : 15;
    const hour = numberOf(match[3]!);
    const total = /past|after/i.test(match[2]!) ? hour * 60 + minutes : hour * 60 - minutes;
    return toClock(Math.floor(total / 60), total % 60, halfOf(match));
  });
  yield* take(
    /(?<![\d.,:€$£])([01]?\d|2[0-4])[:.]([0-5]\d)(?![\d%]|[.,]\d|\s*(?:%|percent|euros?|dollars?|€|\$|£))(?:\s*(?:h|hrs|o'clock)\b)?/gi,
    (match) => toClock(Number(match[1]) % 24, Number(match[2]), halfOf(match)),
  );
  yield* take(/\b([01]\d|2[0-3])([0-5]\d)\s*(?:hrs|hours|h)\b/gi, (match) =>
    toClock(Number(match[1]), Number(match[2]), undefined),
  );
  yield* take(
    new RegExp(
      String.raw`\b(\d{1,2}|${WORD})\s*(?:o'clock|uhr)\b|\b(\d{1,2}|${WORD})\s+in the (?:morning|afternoon|evening)|\b(\d{1,2}|${WORD})\s+at night`,
      'gi',
    ),
    (match) =>
      toClock(
        numberOf(match[1] ?? match[2] ?? match[3]!),
        0,
        halfOf({ ...match, index: match.index, 0: '' }) ?? dayHalf(rest, match.index, match.index),
      ),
  );
  yield* take(new RegExp(String.raw`\b(?:at|by|around|from)\s+(\d{1,2}|${WORD})\b(?:\s*h\b)?${UNIT}`, 'gi'), (match) =>
    toClock(numberOf(match[1]!), 0, halfOf(match)),
  );
  yield* take(
    new RegExp(
      String.raw`~\s*(?:and|,|&|or)\s+(?:again\s+)?(?:at\s+)?(\d{1,2}|${WORD})\b${UNIT}(?=\s*(?:[.,;:)]|$|o'clock|every|on|in|daily|each|[a-z]))`,
      'gi',
    ),
    (match) => toClock(numberOf(match[1]!), 0, halfOf(match)),
  );
  yield* take(
    new RegExp(
      String.raw`(?:(?:mon|tues|wednes|thurs|fri|satur|sun)days?|morning|afternoon|evening|night),?\s+(\d{1,2})\b${UNIT}(?=\s*(?:[,:;]|$|sharp|cet|utc|gmt|est|pst))`,
      'gi',
    ),
    (match) => toClock(Number(match[1]), 0, halfOf(match)),
  );
  yield* take(/\b(?:at|by|around|before)?\s*(?:noon|midday|12 noon)\b/gi, () => ({ hour: 12, minute: 0, given: true }));
  yield* take(/\bat midnight\b/gi, () => ({ hour: 0, minute: 0, given: true }));
}

function numberOf(text: string): number {
  return WORDS[text.toLowerCase()] ?? Number(text);
}

/** "4 in the afternoon", "evening at 6": what stands near a time says which half of the day it is in. */
function dayHalf(text: string, end: number, start: number): 'am' | 'pm' | undefined {
  const near = `${text.slice(Math.max(0, start - 30), start)} ${text.slice(end, end + 26)}`;
  return /\b(?:afternoons?|evenings?|at night|tonight)\b/i.test(near) && !/\bmorning/i.test(near) ? 'pm' : undefined;
}

function toClock(hour: number, minute: number, half: 'am' | 'pm' | undefined): ClockTime | undefined {
  const shifted = half === 'pm' && hour < 12 ? hour + 12 : half === 'am' && hour === 12 ? 0 : hour;
  return shifted >= 0 && shifted < 24 && minute < 60 ? { hour: shifted, minute, given: true } : undefined;
}
