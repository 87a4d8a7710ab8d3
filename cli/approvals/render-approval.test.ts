import { expect, it } from 'vitest';
import { approvalAnswer } from '../client/answers/approvals.ts';
import { approval } from '../testing/fixtures.ts';
import { renderApproval } from './render-approval.ts';

it('shows every character of what will run, also those that a terminal would hide or act upon', () => {
  const shown = renderApproval(approvalAnswer.parse(approval));
  expect(shown).toContain('Capability  slack/slack.post (version 1)');
  expect(shown).toContain(String.raw`"text": "Pay 100\u202e000 €\u001b[2K"`);
  for (const character of ['\u001b', '\u202e']) expect(shown).not.toContain(character);
});

it('offers an answer only while one is open', () => {
  const answers = (status: string) =>
    renderApproval(approvalAnswer.parse({ ...approval, status })).includes('clancy approvals approve');
  expect([answers('pending'), answers('approved'), answers('expired')]).toEqual([true, false, false]);
});

it('shows a question of the employee itself with its details', () => {
  const question = approvalAnswer.parse({ ...approval, call: null, details: { invoice: 17 } });
  expect(renderApproval(question)).toContain('Shown with the question\n  {\n    "invoice": 17\n  }');
  expect(renderApproval(question)).not.toContain('Will run');
});

it('shows what stands beside what is asked for, and what was edited beside what runs', () => {
  const stands = approvalAnswer.parse({
    ...approval,
    stands: { parameters: { text: 'before' } },
    reminders: 2,
    reminded_at: approval.requested_at,
  });
  expect(renderApproval(stands)).toMatch(/Has been done already.*"text": "before".*Is asked for now, and does not run/s);
  expect(renderApproval(stands)).toMatch(/^Reminded +2 times/m);
  const edited = approvalAnswer.parse({ ...approval, proposed: { parameters: { text: 'first' }, digest: 'b' } });
  expect(renderApproval(edited)).toMatch(/Will run, exactly so.*Was asked for, before it was edited\n  \{\n    "text": "first"/s);
});
