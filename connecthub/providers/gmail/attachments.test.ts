import fc from 'fast-check';
import PostalMime from 'postal-mime';
import { describe, expect, it } from 'vitest';
import { encodedSize } from './attachments.ts';
import { buildMailText, type Mail } from './mail.ts';

const mailWith = (attachments: Mail['attachments']): Mail => ({
  to: 'ada@example.com',
  cc: [],
  subject: 'Invoice 17',
  body: 'Grüße\nClancy',
  messageId: '<key@millrace.example>',
  references: [],
  ...(attachments && { attachments }),
});
const pdf = { name: 'report.pdf', mediaType: 'application/pdf', content: Buffer.from('%PDF-1.7 \u0000\r\n--=_x--\r\n') };

describe('a mail with files', () => {
  it('has its text and its files, as they were, by a parser that is not ours', async () => {
    const text = buildMailText(mailWith([pdf, { ...pdf, name: 'Übersicht 2026.pdf', content: Buffer.alloc(200_000, 1) }]));
    expect(Buffer.from(text, 'ascii').toString()).toBe(text);
    expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78);
    const parsed = await PostalMime.parse(text);
    expect(parsed).toMatchObject({ subject: 'Invoice 17', text: expect.stringMatching(/^Grüße\r?\nClancy\s*$/) });
    expect(parsed.attachments.map(({ filename, mimeType, disposition }) => ({ filename, mimeType, disposition }))).toEqual([
      { filename: 'report.pdf', mimeType: 'application/pdf', disposition: 'attachment' },
      { filename: 'Übersicht 2026.pdf', mimeType: 'application/pdf', disposition: 'attachment' },
    ]);
    expect(Buffer.from(parsed.attachments[0]!.content as ArrayBuffer).equals(pdf.content)).toBe(true);
    expect(buildMailText(mailWith([pdf]))).toBe(buildMailText(mailWith([pdf])));
  });

  it('gives a file any name, and nothing of a name ends up beside it', async () => {
    const name = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 }).filter((one) => !/[\p{Cc}\u2028\u2029]/u.test(one));
    await fc.assert(
      fc.asyncProperty(name, async (one) => {
        const text = buildMailText(mailWith([{ ...pdf, name: one }]));
        expect(Math.max(...text.split('\r\n').map((line) => line.length))).toBeLessThanOrEqual(78);
        const { attachments } = await PostalMime.parse(text);
        expect(attachments.map(({ filename }) => filename)).toEqual([one]);
      }),
      { numRuns: 200 },
    );
  });

  it.each(['message/rfc822', 'multipart/mixed'])('does not send a file as %s, which it could not encode', (mediaType) => {
    const text = buildMailText(mailWith([{ ...pdf, mediaType }]));
    expect(text).toContain('Content-Type: application/octet-stream\r\n');
    expect(text).not.toContain('rfc822');
  });

  it.each([0, 1, 56, 57, 58, 10_000])('takes as many bytes for one of %i as was foretold, but for an end of line', (size) => {
    const of = (content: Buffer) => buildMailText(mailWith([{ ...pdf, content }])).length;
    const added = of(Buffer.alloc(size)) - of(Buffer.alloc(0));
    expect(Math.abs(added - encodedSize(size))).toBeLessThanOrEqual(76);
    expect(added).toBeLessThanOrEqual(encodedSize(size));
  });
});
