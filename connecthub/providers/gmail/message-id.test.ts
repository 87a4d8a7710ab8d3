import { describe, expect, it } from 'vitest';
import { withImplied } from '../google/oauth.ts';
import { messageIdOf, searchFor } from './message-id.ts';
import { COMPOSE, IMPLIED, MODIFY, READ, SEND } from './scopes.ts';

describe('the mark of a mail', () => {
  it('is at home in the sender’s domain, and found by the same words', () => {
    const context = { nativeKey: 'abcdefghijklmnopqrstuvwxyz234567', accountId: 'office@millrace.example' };
    expect(messageIdOf(context)).toBe('<abcdefghijklmnopqrstuvwxyz234567@millrace.example>');
    expect(searchFor(context)).toBe('rfc822msgid:abcdefghijklmnopqrstuvwxyz234567@millrace.example');
  });

  it('is ASCII in every domain', () => {
    expect(messageIdOf({ nativeKey: 'k', accountId: 'büro@bücher.example' })).toBe('<k@xn--bcher-kva.example>');
  });
});

describe('scopes', () => {
  it.each([
    [[SEND], [SEND]],
    [[COMPOSE], [COMPOSE, SEND]],
    [[MODIFY], [MODIFY, READ, SEND, COMPOSE]],
    [
      ['openid', READ, READ],
      ['openid', READ],
    ],
    [[], []],
  ])('%j stand for %j', (given, held) => {
    expect(withImplied(given, IMPLIED)).toEqual(held);
  });
});
