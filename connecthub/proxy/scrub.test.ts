import { describe, expect, it } from 'vitest';
import { scrub } from './scrub.ts';

const PATTERN = /\bxox[a-z]-[A-Za-z0-9-]{10,}/g;

describe('scrubbing', () => {
  it('takes tokens out of every text and name, by their look and by themselves', () => {
    const value = { 'xoxb-1234567890': ['say xoxp-1234567890-abc now', { a: 'my-odd-secret', n: 1, no: null, yes: true }] };
    expect(scrub(value, PATTERN, ['my-odd-secret'])).toEqual({
      '[redacted]': ['say [redacted] now', { a: '[redacted]', n: 1, no: null, yes: true }],
    });
  });

  it.each([
    ['NUL', 'a\u0000b', 'a\uFFFDb'],
    ['a high surrogate alone', 'a\uD83Db', 'a\uFFFDb'],
    ['a low surrogate alone', 'a\uDE00b', 'a\uFFFDb'],
    ['a pair the wrong way round', '\uDE00\uD83D', '\uFFFD\uFFFD'],
  ])('replaces what the database cannot hold: %s', (_what, text, stored) => {
    expect(scrub({ [text]: [text] }, PATTERN)).toEqual({ [stored]: [stored] });
  });

  it('leaves whole pairs and other control characters alone', () => {
    expect(scrub('ok \u{1F600}\n\t\u0001', PATTERN)).toBe('ok \u{1F600}\n\t\u0001');
  });
});
