import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { Money } from '../../../contracts/money.ts';
import { text } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';

/** Cents of an amount. Undefined: it has more decimals than that, so that any rounding would be a guess. */
function centsOf(value: Json | undefined): number | undefined {
  if (typeof value !== 'number') return undefined;
  const cents = Math.round(value * 100);
  return Math.abs(cents / 100 - value) < 1e-9 ? cents : undefined;
}

/** The amounts of a call's lines, or its one amount. */
function amountsOf(parameters: JsonObject): (Json | undefined)[] {
  const { lines } = parameters;
  return Array.isArray(lines) ? lines.map((line) => (isObject(line) ? line['amount'] : undefined)) : [parameters['amount']];
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** What the call is about, exact: the sum of its lines, or its amount. */
export function moneyOf(parameters: JsonObject): Money {
  const cents = amountsOf(parameters).map(centsOf);
  const total = cents.reduce<number>((sum, one) => sum + (one ?? Number.NaN), 0);
  return { currency: text(parameters, 'currency'), amount: Number.isNaN(total) ? 'fraction of a cent' : toText(total) };
}

function toText(cents: number): string {
  return `${Math.trunc(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

/** @throws ProviderRefusal `fraction_of_a_cent` */
export function assertCents(parameters: JsonObject): void {
  if (amountsOf(parameters).every((amount) => centsOf(amount) !== undefined)) return;
  throw new ProviderRefusal({ code: 'provider_refused', reason: 'fraction_of_a_cent', retryable: false });
}
