import type { Json, JsonObject } from '../../../contracts/json.ts';
import type { Money } from '../../../contracts/money.ts';
import { text } from '../parameters.ts';
import { ProviderRefusal } from '../refusal.ts';

/** Currencies whose amounts are not hundredths of a unit. https://docs.stripe.com/currencies#zero-decimal */
const DECIMALS: { readonly [currency: string]: number } = {
  ...Object.fromEntries('BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF'.split(' ').map((one) => [one, 0])),
  ...Object.fromEntries('BHD JOD KWD OMR TND'.split(' ').map((one) => [one, 3])),
};
/**
 * What an amount in minor units must be a multiple of. ISK is written in hundredths that it does not have. Of UGX sources
 * say both that it is and that it is not: no amount of it goes out.
 */
const STEP: { readonly [currency: string]: number } = { ISK: 100, UGX: Infinity, BHD: 10, JOD: 10, KWD: 10, OMR: 10, TND: 10 };

function decimalsOf(currency: string): number {
  return DECIMALS[currency] ?? 2;
}

/** An amount in the minor units that Stripe counts in. Undefined: it is finer than its currency. */
export function toMinor(amount: Json | undefined, currency: string): number | undefined {
  if (typeof amount !== 'number') return undefined;
  const factor = 10 ** decimalsOf(currency);
  const minor = Math.round(amount * factor);
  return Math.abs(minor / factor - amount) < 1e-9 && minor % (STEP[currency] ?? 1) === 0 ? minor : undefined;
}

/** @throws ProviderRefusal `amount_too_fine`: any rounding would be a guess */
export function minorOf(amount: Json | undefined, currency: string): number {
  const minor = toMinor(amount, currency);
  if (minor === undefined) throw new ProviderRefusal({ code: 'provider_refused', reason: 'amount_too_fine', retryable: false });
  return minor;
}

/** An amount of Stripe's, in units of its currency (which Stripe writes in lower case). */
export function fromMinor(minor: number, currency: string): number {
  return minor / 10 ** decimalsOf(currency.toUpperCase());
}

/** The sum of amounts, exact. One that is finer than its currency makes it no money, for which the call is refused. */
export function moneyOf(amounts: readonly (Json | undefined)[], parameters: JsonObject): Money {
  const currency = text(parameters, 'currency');
  const total = amounts.reduce<number>((sum, one) => sum + (toMinor(one, currency) ?? Number.NaN), 0);
  return { currency, amount: Number.isNaN(total) ? 'finer than the currency' : toText(total, decimalsOf(currency)) };
}

function toText(minor: number, decimals: number): string {
  const digits = String(minor).padStart(decimals + 1, '0');
  return decimals === 0 ? digits : `${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
