import { expect, it } from 'vitest';
import { receiptAnswer } from '../client/answers/connecthub.ts';
import { CALL_ID, receipt } from '../testing/fixtures.ts';
import { renderReceipt } from './render-receipt.ts';

it('tells what was asked, tried and known, and how to settle what nobody can tell', () => {
  const shown = renderReceipt(receiptAnswer.parse(receipt));
  expect(shown).toMatch(/^slack\/slack\.post: nobody can tell\n/);
  expect(shown).toMatch(/^Skill +post_digest$/m);
  expect(shown).toMatch(/^Cost units +100$/m);
  expect(shown).toContain('\n    "channel": "C1",\n');
  expect(shown).toMatch(/^ {2}2025-06-09 18:00:00Z {2}maybe +30\.0 s {2}provider_unavailable$/m);
  expect(shown).toContain(`clancy receipts resolve ${CALL_ID} did_not_happen`);
});

it('names who edited the call', () => {
  const edited = receiptAnswer.parse({ ...receipt, edited_by: 'user_boss' });
  expect(renderReceipt(edited)).toMatch(/^Edited by +user_boss$/m);
});

it('asks nobody to settle what is known', () => {
  const known = {
    ...receipt,
    outcome: 'succeeded',
    resolution: 'happened',
    resolved_by: 'user_bob',
    resolved_at: receipt.created_at,
  };
  const shown = renderReceipt(receiptAnswer.parse(known));
  expect(shown).toMatch(/^slack\/slack\.post: happened \(a person said: happened\)\n/);
  expect(shown).toMatch(/^Resolved +2025-06-09 18:00:00Z by user_bob$/m);
  expect(shown).not.toContain('clancy receipts resolve');
});
