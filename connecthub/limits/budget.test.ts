import { describe, expect, it } from 'vitest';
import { DEFAULT_BUDGET, DEFAULT_QUOTA, type Budget } from '../../contracts/policy.ts';
import { slackPost } from '../providers/slack/post.ts';
import { assertRoom, budgetLines, costOf, type Allowance } from './budget.ts';

const SPENDER = { employeeId: 'e', callScope: 'r' };
const NOW = Date.parse('2026-06-09T23:59:59.999Z');
const USD = (amount: string) => ({ money: { currency: 'USD', amount } });

const allowance = (limits: Budget['money_per_day'], used: Allowance['used'] = {}): Allowance => ({
  budget: { ...DEFAULT_BUDGET, money_per_day: limits },
  quota: DEFAULT_QUOTA,
  used,
  nowMs: NOW,
});
const room = (limits: Budget['money_per_day'], amount: string, used: string) => () => {
  const at = allowance(limits, { 'employee_day USD': used });
  assertRoom(budgetLines(SPENDER, USD(amount), at), at);
};
const FULL = expect.objectContaining({ code: 'budget_exceeded' });

describe('money', () => {
  it('is compared exactly, to the minor unit and beyond', () => {
    expect(room({ USD: '0.3' }, '0.1', '0.200000')).not.toThrow();
    expect(room({ USD: '0.3' }, '0.100001', '0.200000')).toThrow(FULL);
    expect(room({ USD: '900719925474.09' }, '0.01', '900719925474.08')).not.toThrow();
    expect(room({ USD: '900719925474.09' }, '0.02', '900719925474.08')).toThrow(FULL);
  });

  it('falls under the limit of its currency, else under that of any other, else there is none', () => {
    expect(room({ USD: '10', '*': '1' }, '5', '0')).not.toThrow();
    expect(room({ EUR: '10', '*': '1' }, '5', '0')).toThrow(FULL);
    expect(room({ EUR: '10' }, '0.01', '0')).toThrow(FULL);
  });

  it('tells what is used and when it frees up', () => {
    expect(room({ USD: '10' }, '5', '7.500000')).toThrow(
      expect.objectContaining({
        message: 'This employee may spend 10 USD per UTC day, and that has no room for this call.',
        details: expect.objectContaining({
          fields: [{ field: '/budget/money_per_day/USD', message: '7.50 of 10 used' }],
          retryAfterMs: 1_000,
          extra: { limit: { most: '10', unit: 'USD', needed: '5', used: '7.50', frees_at: '2026-06-10T00:00:00.000Z' } },
        }),
      }),
    );
  });
});

describe('the cost of a call', () => {
  it('is one effect, without money where the capability names none', () => {
    expect(costOf(slackPost, {})).toEqual({});
    expect(costOf({ ...slackPost, money: () => undefined }, {})).toEqual({});
    expect(budgetLines(SPENDER, {}, allowance({})).map(({ kind, period, most }) => [kind, period, most])).toEqual([
      ['run', '', '2000'],
      ['employee_day', '2026-06-09', '10000'],
      ['organisation_day', '2026-06-09', '100000'],
    ]);
  });

  it.each([
    { currency: 'usd', amount: '1' },
    { currency: 'USD', amount: '-1' },
    { currency: 'USD', amount: '1e3' },
    { currency: 'USD', amount: '' },
    { currency: 'USD', amount: '0.0000001' },
  ])('cannot be read out of $amount $currency', (money) => {
    expect(() => costOf({ ...slackPost, money: () => money }, {})).toThrow(
      expect.objectContaining({ code: 'parameters_invalid' }),
    );
  });
});
