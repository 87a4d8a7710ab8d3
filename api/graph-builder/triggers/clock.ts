export interface ClockTime {
  hour: number;
  minute: number;
  /** False when only a part of the day was named. */
  given: boolean;
}

const PARTS_OF_DAY: [RegExp, number][] = [
  [/\b(?:early )?mornings?\b/i, 9],
  [/\b(?:noon|midday|lunch(?:time)?)\b/i, 12],
  [/\bafternoons?\b/i, 14],
  [/\b(?:evenings?|end of (?:the )?day|close of business)\b/i, 17],
  [/\b(?:nights?|midnight)\b/i, 0],
];

/** The clock time of a sentence: "9am", "at 15:30", "4 in the afternoon", "noon"; a part of the day counts as not given. */
export function findClock(text: string): ClockTime | undefined {
  const numbers = findNumbers(text);
  if (numbers) return numbers;
  if (/\b(?:at|by) (?:noon|midday)\b/i.test(text)) return { hour: 12, minute: 0, given: true };
  if (/\bat midnight\b/i.test(text)) return { hour: 0, minute: 0, given: true };
  const part = PARTS_OF_DAY.find(([pattern]) => pattern.test(text));
  return part ? { hour: part[1], minute: 0, given: false } : undefined;
}

function findNumbers(text: string): ClockTime | undefined {
  const half = /\b(\d{1,2})(?:[:.](\d{2}))?\s*(a\.?m\.?|p\.?m\.?)(?![a-z])/i.exec(text);
  if (half) return toClock(Number(half[1]), Number(half[2] ?? 0), /^p/i.test(half[3]!) ? 'pm' : 'am');
  const full = /(?<![\d.,:])([01]?\d|2[0-3])[:.]([0-5]\d)(?![\d%])(?:\s*(?:h|hrs|o'clock))?/.exec(text);
  const spoken =
    /\b(?:at|by)\s+(\d{1,2})(?:\s*(?:o'clock|h))?(?!\s*(?:%|euro|dollar|days?|weeks?|months?|minutes?|people|messages?|\d|[.,]\d))\b/i.exec(
      text,
    ) ?? /\b(\d{1,2})\s+(?:o'clock|in the (?:morning|afternoon|evening))/i.exec(text);
  const found = full ?? spoken;
  if (!found) return undefined;
  const isLate = /\b(?:in the (?:afternoon|evening)|at night)\b/i.test(text);
  return toClock(Number(found[1]), Number(full?.[2] ?? 0), isLate ? 'pm' : undefined);
}

function toClock(hour: number, minute: number, half: 'am' | 'pm' | undefined): ClockTime | undefined {
  const shifted = half === 'pm' && hour < 12 ? hour + 12 : half === 'am' && hour === 12 ? 0 : hour;
  return shifted < 24 && minute < 60 ? { hour: shifted, minute, given: true } : undefined;
}
