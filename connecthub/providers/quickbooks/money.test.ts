import { describe, expect, it } from 'vitest';
import { amountSchema } from '../../../contracts/money.ts';
import { moneyOf } from './money.ts';

const lines = (...amounts: number[]) => ({ currency: 'USD', lines: amounts.map((amount) => ({ amount })) });

describe('the money of a call', () => {
  it('is the exact sum of its lines', () => {
    expect(moneyOf(lines(0.1, 0.2))).toEqual({ currency: 'USD', amount: '0.30' });
    expect(moneyOf(lines(8_400, 1.05))).toEqual({ currency: 'USD', amount: '8401.05' });
    expect(moneyOf(lines(...Array.from({ length: 50 }, () => 999_999_999))).amount).toBe('49999999950.00');
  });

  it('is its amount where it has no lines', () => {
    expect(moneyOf({ currency: 'EUR', amount: 1_250.5 })).toEqual({ currency: 'EUR', amount: '1250.50' });
  });

  it('is no money with a fraction of a cent', () => {
    expect(amountSchema.safeParse(moneyOf(lines(1, 0.005)).amount).success).toBe(false);
    expect(moneyOf(lines(0.29, 1.15)).amount).toBe('1.44');
  });
});
