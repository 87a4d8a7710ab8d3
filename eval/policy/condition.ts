import { wordsOf } from '../words.ts';

/** What a label's `when` says, as far as it can be seen on the parameters of a call. */
export type Condition =
  | { kind: 'amount'; threshold: number; holds: (amount: number) => boolean }
  /** The recipient's address is (not) at this domain, or is this address. */
  | { kind: 'recipient'; at: string; isInside: boolean }
  | { kind: 'channel'; names: string[]; isAmong: boolean }
  | { kind: 'person'; names: string[]; isAmong: boolean }
  | { kind: 'text'; containing: string }
  /** Nothing that a call shows: only the skill itself can keep it. */
  | { kind: 'hidden' };

const NUMBER = /(?<![\p{L}\p{N}#])(?:[€$£]\s?)?(\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(k\b)?/iu;
const MONEY =
  /[€$£]|\b(?:euros?|dollars?|pounds?|francs?|eur|usd|gbp|chf|crowns?|amount|invoice is|bill is|payment is|donation is|total|refund is|order is|sum)\b/i;
const NOT_MONEY = /\b(?:days?|weeks?|months?|reminders?|times|messages?|hours?|minutes?|per (?:day|week|run)|already)\b/i;
const OTHER_THAN = /\b(?:outside|other than|not|except|anyone but|nobody but|elsewhere)\b/i;

/** Reads the plain words of a label. What it does not know is hidden, and is looked for in the skill. */
export function readCondition(when: string): Condition {
  return amountIn(when) ?? recipientIn(when) ?? channelIn(when) ?? personIn(when) ?? textIn(when) ?? { kind: 'hidden' };
}

/** "above 2,000 dollars", "500 euros or less", "at least 1k". */
function amountIn(when: string): Condition | undefined {
  const match = NUMBER.exec(when);
  if (!match || !MONEY.test(when) || NOT_MONEY.test(when)) return undefined;
  const threshold = Number(match[1]?.replaceAll(',', '')) * (match[2] === undefined ? 1 : 1_000);
  const [before, after] = [when.slice(0, match.index), when.slice(match.index + match[0].length)];
  const holds = relationIn(before, after, threshold);
  return holds && { kind: 'amount', threshold, holds };
}

function relationIn(before: string, after: string, threshold: number): ((amount: number) => boolean) | undefined {
  if (/\bor (?:more|above|over|higher)\b/i.test(after) || /\b(?:at least|from)\s*$/i.test(before))
    return (amount) => amount >= threshold;
  if (/\bor (?:less|below|under|lower)\b/i.test(after) || /\b(?:at most|up to|not (?:above|over|more than))\s*$/i.test(before)) {
    return (amount) => amount <= threshold;
  }
  if (/\b(?:above|over|more than|exceed\w*|beyond|greater than|larger than|higher than)\s*$/i.test(before))
    return (amount) => amount > threshold;
  if (/\b(?:below|under|less than|smaller than|lower than)\s*$/i.test(before)) return (amount) => amount < threshold;
  return undefined;
}

/** "a recipient is outside firm.example". */
function recipientIn(when: string): Condition | undefined {
  const at = /(?<![\p{L}\p{N}#])(?:[\w.+-]+@)?(?:[a-z0-9-]+\.)+[a-z]{2,}(?![\p{L}\p{N}])/iu.exec(when)?.[0];
  if (at === undefined || !/\b(?:recipient|address|sent to|goes to|written to|to anybody|to anyone|outside)\b/i.test(when))
    return undefined;
  return { kind: 'recipient', at: at.toLowerCase(), isInside: !OTHER_THAN.test(when) };
}

/** "the channel is #general", "the channel is not #a or #b". */
function channelIn(when: string): Condition | undefined {
  const names = wordsOf(when).filter((word) => word.startsWith('#'));
  if (names.length === 0 || !/\bchannel\b/i.test(when)) return undefined;
  return { kind: 'channel', names, isAmong: !OTHER_THAN.test(when) };
}

/** "the message goes to anybody but @rosa". */
function personIn(when: string): Condition | undefined {
  const names = wordsOf(when).filter((word) => word.startsWith('@'));
  if (names.length === 0 || !/\b(?:recipient|person|user|goes to|sent to)\b/i.test(when)) return undefined;
  return { kind: 'person', names, isAmong: !(OTHER_THAN.test(when) || /\bbut\b/i.test(when)) };
}

/** "the message contains amounts". */
function textIn(when: string): Condition | undefined {
  const what = /\b(?:message|text|mail|email|reply|draft|post)\b.{0,20}\b(?:contains?|holds?|has)\s+(.{3,60})$/i.exec(when)?.[1];
  if (what === undefined) return undefined;
  if (/\b(?:amounts?|prices?|figures|sums|numbers?)\b/i.test(what))
    return { kind: 'text', containing: 'It is 2,000 dollars, or €500.' };
  if (/\b(?:links?|urls?)\b/i.test(what)) return { kind: 'text', containing: 'See https://shop.example/a' };
  return undefined;
}
