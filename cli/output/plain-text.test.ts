import { describe, expect, it } from 'vitest';
import { oneLine, plainText, safeJson, shorten } from './plain-text.ts';

describe('plainText', () => {
  it('removes escape sequences, so that a name cannot paint over a line', () => {
    expect(plainText('a\u001b[2K\u001b[1Ab\u001b]0;title\u0007c\u009b31md')).toBe('abcd');
  });

  it('removes control characters but keeps line feeds', () => {
    expect(plainText('a\u0000\u0008b\r\nc\rd\u2028e\tf\u007f')).toBe('ab\nc\nd\ne f');
  });

  it('removes characters that reorder or hide text', () => {
    expect(plainText('pay \u202e001\u202c \u2066x\u2069 \u200bzero \ufeff\u{e0041}tag\u00ad')).toBe('pay 001 x zero tag');
  });

  it('keeps what writing needs: accents, joined emoji, Persian joiners', () => {
    expect(plainText('Zoë 👩‍💻 می‌خواهم')).toBe('Zoë 👩‍💻 می‌خواهم');
  });

  it('replaces half characters', () => {
    expect(plainText('a\ud800b')).toBe('a\ufffdb');
  });
});

it('makes one line of many, so that no text pretends to be the next row', () => {
  expect(oneLine('  Ada\n\nSTATUS   active ')).toBe('Ada STATUS active');
});

it('shortens by characters and never in the middle of one', () => {
  expect(shorten('😀😀😀', 3)).toBe('😀😀😀');
  expect(shorten('😀😀😀😀', 3)).toBe('😀😀…');
});

describe('safeJson', () => {
  it('escapes what a terminal would act upon or hide, and loses nothing', () => {
    const value = { text: 'a\u001b[2K\u202eb\u009b\u200b\u{e0041}\ud800', name: 'Zoë 😀' };
    const json = safeJson(value);
    expect(json).toBe(String.raw`{"text":"a\u001b[2K\u202eb\u009b\u200b\udb40\udc41\ud800","name":"Zoë 😀"}`);
    expect(JSON.parse(json)).toEqual(value);
  });
});
