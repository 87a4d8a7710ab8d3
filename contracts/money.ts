import { z } from 'zod';

/**
 * An amount of money as text: never a float, exact in every currency's minor unit, and what PostgreSQL's `numeric` reads.
 * At most 15 digits before the point and 6 behind it.
 */
export const amountSchema = z.string().regex(/^(0|[1-9]\d{0,14})(\.\d{1,6})?$/, 'an amount such as 1250.00');

/** ISO 4217, upper case. */
export const currencySchema = z.string().regex(/^[A-Z]{3}$/, 'a currency such as USD');

export const moneySchema = z.strictObject({ currency: currencySchema, amount: amountSchema });
export type Money = z.infer<typeof moneySchema>;

/** An amount in millionths, to compare and add exactly. */
export function microsOf(amount: string): bigint {
  const [whole = '0', fraction = ''] = amount.split('.');
  return BigInt(whole) * 1_000_000n + BigInt(fraction.padEnd(6, '0'));
}
