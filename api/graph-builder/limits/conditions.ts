import type { Catalogue } from '../../../contracts/capability.ts';
import type { JsonObject } from '../../../contracts/json.ts';
import { findCapability } from '../catalogue.ts';
import { literal } from '../compose/literals.ts';

const NUMBER = String.raw`(\d{1,3}(?:[.,' ]\d{3})+(?:[.,]\d{2})?|\d+(?:[.,]\d{1,2})?)\s*(k\b|thousand\b)?`;
const CURRENCY = String.raw`(?:euros?|eur|dollars?|usd|pounds?|gbp|francs?|chf|crowns?|quid|bucks|sek|nok|dkk|pln|[€$£])`;
const MONEY = new RegExp(String.raw`(?:([€$£])\s?${NUMBER}|${NUMBER}\s?${CURRENCY})`, 'i');
/** Without a currency a number is money where it is grouped ("1,000") and stands behind "over" or before "or more". */
const BARE = /(\d{1,3}(?:[.,]\d{3})+)()/;

export interface AmountLimit {
  /** JSONata comparison of `$amount`: `> 2000`. */
  operator: '>' | '>=' | '<' | '<=';
  amount: number;
}

/** "above 2,000 dollars", "from 2,500 euros upwards", "500 or more", "up to 300": where an amount begins to be limited. */
export function amountLimit(text: string): AmountLimit | undefined {
  const match = MONEY.exec(text) ?? BARE.exec(text);
  if (!match) return undefined;
  const digits = match[2] ?? match[4] ?? match[1] ?? '';
  const thousands = (match[3] ?? match[5] ?? '') !== '' && /k|thousand/i.test(match[3] ?? match[5] ?? '');
  const amount = toAmount(digits) * (thousands ? 1_000 : 1);
  if (!Number.isFinite(amount)) return undefined;
  const before = text.slice(0, match.index);
  const after = text.slice(match.index + match[0].length);
  const operator = operatorOf(before, after);
  return operator && { operator, amount };
}

function operatorOf(before: string, after: string): AmountLimit['operator'] | undefined {
  if (
    /^\s*(?:or|and) (?:more|above|over|higher|upwards?)|^\s*upwards?|^\s*\+/i.test(after) ||
    /\b(?:at least|from|starting at|as of|no less than)\s*$/i.test(before)
  )
    return '>=';
  if (
    /^\s*(?:or|and) (?:less|below|under|lower)/i.test(after) ||
    /\b(?:at most|up to|maximum(?: of)?|no more than|not (?:more than|over|above|exceed(?:ing)?))\s*$/i.test(before)
  )
    return '<=';
  if (
    /\b(?:above|over|more than|exceed\w*|beyond|greater than|larger than|higher than|bigger than|past|worth more than)\s*(?:the\s+)?$/i.test(
      before,
    )
  )
    return '>';
  if (/\b(?:below|under|less than|smaller than|lower than)\s*$/i.test(before)) return '<';
  return undefined;
}

/** "1,200", "1.200", "1'200" and "1,200.50": two digits at the end after a mark are cents, every other mark parts thousands. */
function toAmount(digits: string): number {
  const [, whole = digits, cents = '0'] = /^(.*)[.,](\d{1,2})$/.exec(digits) ?? [];
  return Number(`${whole.replace(/[.,' ]/g, '')}.${cents}`);
}

/** JSONata over a call's parameters for an amount, where the call shows one. */
export function amountCondition({ operator, amount }: AmountLimit, capability: string, catalogue: Catalogue): string | undefined {
  const properties = (findCapability(catalogue, capability)?.input_schema['properties'] ?? {}) as JsonObject;
  if (Object.hasOwn(properties, 'amount')) return `parameters.amount ${operator} ${amount}`;
  // What a line says of itself: its amount, or a price times a quantity.
  if (Object.hasOwn(properties, 'lines')) return `$sum([parameters.lines.amount]) ${operator} ${amount}`;
  return undefined;
}

/** Recipients that a sentence confines mail to: "outside firm.example", "only to a@firm.example", "to nobody else". */
export function recipientCondition(text: string, addresses: string[]): string | undefined {
  const isOnly =
    /\b(?:only|outside|other than|nobody else|no one else|anyone else|anybody else|exclusively|except|nowhere else|not leave|stay(?:s)? (?:inside|within))\b/i.test(
      text,
    );
  if (!isOnly) return undefined;
  const own = [...text.matchAll(/[\p{L}\p{N}._+-]+@[\p{L}\p{N}-]+(?:\.[\p{L}\p{N}-]+)+/gu)].map(([address]) =>
    address.toLowerCase(),
  );
  const domain = /(?<![\p{L}\p{N}.@])@?((?:[\p{L}\p{N}-]+\.)+\p{L}{2,})(?![\p{L}\p{N}@])/u
    .exec(text.replace(/\S+@\S+/g, ' '))?.[1]
    ?.toLowerCase();
  if (own.length > 0) return outside(`$lowercase($) in ${literal(own)}`);
  if (domain !== undefined) return outside(`$contains($lowercase($), /@${domain.replaceAll('.', '\\.')}$/)`);
  return addresses.length > 0 && /\b(?:nobody else|no one else|only|anyone else|anybody else)\b/i.test(text)
    ? outside(`$lowercase($) in ${literal(addresses)}`)
    : undefined;
}

function outside(inside: string): string {
  return `$count($append([parameters.to], [parameters.cc])[$not(${inside})]) > 0`;
}
