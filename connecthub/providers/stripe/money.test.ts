import { describe, expect, it } from 'vitest';
import { fromMinor, moneyOf, toMinor } from './money.ts';

describe('an amount', () => {
  it.each([
    [12.5, 'USD', 1_250],
    [0.07, 'USD', 7],
    [1_250_000.1, 'EUR', 125_000_010],
    [500, 'JPY', 500],
    [5.12, 'KWD', 5_120],
    [5, 'ISK', 500],
  ])('%d %s goes out as %d', (amount, currency, minor) => {
    expect(toMinor(amount, currency)).toBe(minor);
    expect(fromMinor(minor, currency.toLowerCase())).toBe(amount);
  });

  it.each([
    [0.001, 'USD'],
    [12.345, 'EUR'],
    [0.5, 'JPY'],
    [5.123, 'KWD'],
    [5.5, 'ISK'],
    [5, 'UGX'],
  ])('%d %s does not go out', (amount, currency) => expect(toMinor(amount, currency)).toBeUndefined());

  it('is counted exactly', () => {
    expect(moneyOf([0.1, 0.2], { currency: 'USD' })).toEqual({ currency: 'USD', amount: '0.30' });
    expect(moneyOf([500], { currency: 'JPY' })).toEqual({ currency: 'JPY', amount: '500' });
    expect(moneyOf([5.12], { currency: 'KWD' })).toEqual({ currency: 'KWD', amount: '5.120' });
    expect(moneyOf([0.001], { currency: 'USD' }).amount).toBe('finer than the currency');
  });
});
