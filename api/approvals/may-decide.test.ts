import { expect, test } from 'vitest';
import { assertMayDecide } from './may-decide.ts';

const approval = (approvers: string[]) => ({ approvers, initiatorId: 'user_initiator' });

test.each([
  ['anybody with the permission, when the rule names nobody', 'user_a', []],
  ['the initiator, when the rule names nobody', 'user_initiator', []],
  ['a named person', 'user_a', ['user_a']],
  ['a named role', 'user_b', ['role:approver']],
  ['the initiator, when named', 'user_initiator', ['user_initiator']],
])('%s may decide', (_who, userId, approvers) => {
  expect(() => assertMayDecide({ userId, role: 'approver' }, approval(approvers))).not.toThrow();
});

test.each([
  ['somebody else', 'user_b', ['user_a'], 'not_an_approver'],
  ['another role', 'user_b', ['role:owner'], 'not_an_approver'],
  ['the initiator whom the rule leaves out', 'user_initiator', ['user_a'], 'self_approval'],
  ['a role that is spelled as a user', 'user_b', ['approver'], 'not_an_approver'],
])('%s may not', (_who, userId, approvers, code) => {
  expect(() => assertMayDecide({ userId, role: 'approver' }, approval(approvers))).toThrow(expect.objectContaining({ code }));
});
