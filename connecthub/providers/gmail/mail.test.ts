import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { buildMail, type Mail } from './mail.ts';

const MAIL: Mail = {
  to: 'ada@example.com',
  cc: [],
  subject: 'Invoice 17',
  body: 'Hello',
  messageId: '<key@millrace.example>',
  references: [],
};

const textOf = (mail: Mail) => Buffer.from(buildMail(mail), 'base64url').toString('ascii');
const parse = (mail: Mail) => PostalMime.parse(textOf(mail));

describe('a mail', () => {
  it('has its headers and its text, and the same bytes each time', async () => {
    const mail = { ...MAIL, cc: ['bo@example.com', 'cy@example.com'], references: ['<1@a>', '<2@b>'] };
    expect(await parse(mail)).toMatchObject({
      to: [{ address: 'ada@example.com' }],
      cc: [{ address: 'bo@example.com' }, { address: 'cy@example.com' }],
      subject: 'Invoice 17',
      messageId: '<key@millrace.example>',
      inReplyTo: '<2@b>',
      references: '<1@a> <2@b>',
      text: 'Hello',
    });
    expect(buildMail(mail)).toBe(buildMail(mail));
  });

  it('carries any subject and text through, in lines that are short enough', async () => {
    const character = fc.oneof(
      fc.integer({ min: 1, max: 0xd7ff }),
      fc.integer({ min: 0xe000, max: 0x10ffff }),
      fc.constant(0x20),
    );
    const text = fc.array(character, { minLength: 1, maxLength: 120 }).map((codes) => String.fromCodePoint(...codes));
    const subjects = text.filter((one) => !/[\p{Cc}\u2028\u2029]/u.test(one) && one === one.trim());
    await fc.assert(
      fc.asyncProperty(subjects, text, async (subject, body) => {
        const mail = { ...MAIL, subject, body };
        const parsed = await parse(mail);
        expect(parsed.subject).toBe(subject);
        expect(parsed.text?.replaceAll('\r\n', '\n').trimEnd()).toBe(body.replace(/\r\n?/g, '\n').trimEnd());
        expect(
          Math.max(
            ...textOf(mail)
              .split('\r\n')
              .map(({ length }) => length),
          ),
        ).toBeLessThanOrEqual(78);
      }),
      { numRuns: 100 },
    );
  });

  it('breaks no character over two encoded words', () => {
    const words = textOf({ ...MAIL, subject: '€'.repeat(60) }).match(/=\?UTF-8\?B\?[^?]+\?=/g) ?? [];
    expect(words.length).toBeGreaterThan(3);
    for (const word of words) expect(Buffer.from(word.slice(10, -2), 'base64').toString()).toMatch(/^€+$/);
  });

  it.each([
    ['to', { ...MAIL, to: 'ada@example.com\r\nBcc: eve@example.com' }],
    ['cc', { ...MAIL, cc: ['bo@example.com\nX: y'] }],
    ['message id', { ...MAIL, messageId: '<a@b>\r\nBcc: eve@example.com' }],
    ['references', { ...MAIL, references: ['<a@b>\r\n\r\nbody'] }],
    ['an address in another script', { ...MAIL, to: 'ada@exämple.com' }],
  ])('is not made of a header that would begin another: %s', (_name, mail) => {
    expect(() => buildMail(mail)).toThrow('printable ASCII');
  });

  it('puts a subject with a line break in no header but its own', async () => {
    const mail = { ...MAIL, subject: 'Hi\r\nBcc: eve@example.com' };
    expect(textOf(mail)).not.toMatch(/^Bcc/m);
    expect((await parse(mail)).bcc).toBeUndefined();
  });
});
