import { expect, it } from 'vitest';
import { readCondition } from './condition.ts';

it.each([
  ['the invoice is above 2,000 dollars', [false, false, true]],
  ['the donation is 2,000 or more', [false, true, true]],
  ['the invoice is 2,000 euros or less', [true, true, false]],
  ['the bill is under €2k', [true, false, false]],
  ['the refund is at least 2000 dollars', [false, true, true]],
])('"%s" is an amount', (when, holds) => {
  const condition = readCondition(when);
  if (condition.kind !== 'amount') throw new Error('not read as an amount');
  expect([1_999, 2_000, 2_001].map((amount) => condition.holds(amount))).toEqual(holds);
});

it.each([
  ['a recipient is outside firm.example', { kind: 'recipient', at: 'firm.example', isInside: false }],
  ['the mail goes to anyone but chair@firm.example', { kind: 'recipient', at: 'chair@firm.example', isInside: false }],
  ['the channel is not #a or #b', { kind: 'channel', names: ['#a', '#b'], isAmong: false }],
  ['the message goes to @rosa', { kind: 'person', names: ['@rosa'], isAmong: true }],
  ['the message contains amounts', { kind: 'text', containing: 'It is 2,000 dollars, or €500.' }],
  ['the invoice has had 3 reminders', { kind: 'hidden' }],
  ['what is older than 90 days is 50,000 pounds or less', { kind: 'hidden' }],
  ['the donor is marked anonymous', { kind: 'hidden' }],
])('"%s" is read', (when, condition) => {
  expect(readCondition(when)).toEqual(condition);
});
