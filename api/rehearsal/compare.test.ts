import { expect, it } from 'vitest';
import { compareEffects } from './compare.ts';
import type { Effect } from './effects.ts';

const effect = (changes: Partial<Effect> = {}): Effect => ({
  call_id: 'call',
  skill: 'remind',
  capability: 'gmail/email.send',
  risk: 'write',
  connection_id: 'conn_1',
  account_name: 'Office',
  parameters: { to: 'ada@example.com', body: 'Please pay.' },
  answered_by: 'schema',
  would_ask: null,
  refused: null,
  ...changes,
});
const nameOf = ({ parameters }: Effect) => (typeof parameters['to'] === 'string' ? parameters['to'] : '');
const asks = (...approvers: string[]) => ({ approvers, reason: 'Always.', timeout_seconds: 60, answer: 'approve' as const });
const sentencesOf = (before: Effect[], after: Effect[]) => compareEffects(before, after, nameOf).sentences;

it('the same effects in another order and of other calls are the same', () => {
  const other = effect({ parameters: { to: 'bob@example.com', body: 'Please pay.' } });
  const compared = compareEffects(
    [effect(), other],
    [{ ...other, call_id: 'x', answered_by: 'receipt' }, effect({ skill: 'y' })],
    nameOf,
  );
  expect(compared).toEqual({ sentences: [], added: [], removed: [], changed: [], same: 2 });
});

it('an effect that is made twice is one more', () => {
  expect(compareEffects([effect()], [effect(), effect()], nameOf)).toMatchObject({ same: 1, added: [effect()], removed: [] });
});

it('what is done otherwise to the same is a change, field by field', () => {
  const after = effect({ parameters: { to: 'ada@example.com', body: 'Please pay now.', cc: 'boss@example.com' } });
  expect(compareEffects([effect()], [after], nameOf)).toMatchObject({
    sentences: ['Would use gmail/email.send (ada@example.com) with another body, cc.'],
    changed: [
      {
        fields: [
          { field: '/body', before: 'Please pay.', after: 'Please pay now.' },
          { field: '/cc', after: 'boss@example.com' },
        ],
      },
    ],
    added: [],
    removed: [],
    same: 0,
  });
});

it('says who would be asked, who no longer, and what would be refused', () => {
  expect(sentencesOf([effect()], [effect({ would_ask: asks('user_katrin') })])).toEqual([
    'Would use gmail/email.send (ada@example.com) after asking user_katrin.',
  ]);
  expect(sentencesOf([effect({ would_ask: asks() })], [effect()])).toEqual([
    'Would use gmail/email.send (ada@example.com) without asking first.',
  ]);
  const refused = effect({ refused: { code: 'policy_denied', message: 'The policy forbids it.' } });
  expect(sentencesOf([effect()], [refused])).toEqual(['Would use gmail/email.send (ada@example.com) but be refused.']);
  expect(sentencesOf([], [effect({ would_ask: asks() }), refused])).toEqual([
    'Would also use gmail/email.send (ada@example.com), after asking whoever may approve.',
    'Would also try to use gmail/email.send (ada@example.com), and be refused: The policy forbids it.',
  ]);
  expect(sentencesOf([effect()], [])).toEqual(['Would no longer use gmail/email.send (ada@example.com).']);
});
