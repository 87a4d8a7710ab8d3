import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { Money } from '../../../contracts/money.ts';
import { text } from '../parameters.ts';
import { linesOf } from './lines.ts';

/** Cents of an amount. Undefined: it has more decimals than that. */
function centsOf(value: Json | undefined): number | undefined {
  if (typeof value !== 'number') return undefined;
  const cents = Math.round(value * 100);
  return Math.abs(cents / 100 - value) < 1e-9 ? cents : undefined;
}

/** The amounts of a call's lines, or its one amount. */
function amountsOf(parameters: JsonObject): (Json | undefined)[] {
  return 'lines' in parameters ? linesOf(parameters).map(({ amount }) => amount) : [parameters['amount']];
}

/**
 * What the call is about, exact: the sum of its lines, or its amount. With a fraction of a cent it is no money, for which
 * the call is refused: any rounding would be a guess.
 */
export function moneyOf(parameters: JsonObject): Money {
  const cents = amountsOf(parameters).map(centsOf);
  const total = cents.reduce<number>((sum, one) => sum + (one ?? Number.NaN), 0);
  return { currency: text(parameters, 'currency'), amount: Number.isNaN(total) ? 'fraction of a cent' : toText(total) };
}

function toText(cents: number): string {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}
