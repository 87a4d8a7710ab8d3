import { expect, test } from 'vitest';
import { createOpenedTokens } from './opened.ts';

const place = (connectionId: string) => ({ orgId: 'org_a', connectionId });
const held = (accessToken: string) => ({ accessToken, accountId: 'T1', version: 1 });

test('a token is found by what it was sealed as, over its own connection', () => {
  const tokens = createOpenedTokens(() => 0);
  tokens.keep(place('conn_1'), 'sealed', held('xoxb-1'));
  expect(tokens.find(place('conn_1'), 'sealed')).toEqual(held('xoxb-1'));
  expect(tokens.find(place('conn_2'), 'sealed')).toBeUndefined();
  expect(tokens.find({ ...place('conn_1'), orgId: 'org_b' }, 'sealed')).toBeUndefined();
});

test('a token that was sealed anew is another one', () => {
  const tokens = createOpenedTokens(() => 0);
  tokens.keep(place('conn_1'), 'sealed', held('xoxb-1'));
  expect(tokens.find(place('conn_1'), 'sealed anew')).toBeUndefined();
});

test('a token is forgotten after five minutes', () => {
  let nowMs = 0;
  const tokens = createOpenedTokens(() => nowMs);
  tokens.keep(place('conn_1'), 'sealed', held('xoxb-1'));
  nowMs = 299_999;
  expect(tokens.find(place('conn_1'), 'sealed')).toBeDefined();
  nowMs = 300_000;
  expect(tokens.find(place('conn_1'), 'sealed')).toBeUndefined();
});

test('of more than a thousand the oldest is forgotten', () => {
  const tokens = createOpenedTokens(() => 0);
  for (let n = 0; n <= 1_000; n += 1) tokens.keep(place(`conn_${n}`), 'sealed', held(`xoxb-${n}`));
  expect(tokens.find(place('conn_0'), 'sealed')).toBeUndefined();
  expect(tokens.find(place('conn_1'), 'sealed')).toBeDefined();
});
