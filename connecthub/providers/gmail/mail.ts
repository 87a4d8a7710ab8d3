import { createHash } from 'node:crypto';
import { attachmentLines, base64Lines, type Attachment } from './attachments.ts';

/** A plain-text mail, with files. Its addresses and ids are checked before; here nothing else gets into a header. */
export interface Mail {
  to: string;
  cc: readonly string[];
  subject: string;
  body: string;
  messageId: string;
  /** Message ids of the thread, oldest first; the last one is answered. */
  references: readonly string[];
  attachments?: readonly Attachment[];
}

/** Bytes of UTF-8 in one encoded word: with its frame and the name of the header it stays within a line (RFC 2047, 2). */
const WORD_BYTES = 39;
/** Longer lines are folded or encoded (RFC 5322, 2.1.1). */
const LINE_LENGTH = 76;

/** The mail of {@link buildMailText} in base64url, as the JSON of `messages.send` takes it. */
export function buildMail(mail: Mail): string {
  return Buffer.from(buildMailText(mail), 'ascii').toString('base64url');
}

/**
 * A mail in the form of RFC 5322. Equal mails have equal bytes: Gmail adds sender and date itself.
 *
 * @throws Error for a header value with anything but printable ASCII: a line break in it would begin another header.
 */
export function buildMailText(mail: Mail): string {
  const { attachments = [] } = mail;
  const lines = [
    header('To', [mail.to]),
    ...(mail.cc.length > 0 ? [header('Cc', mail.cc, ',')] : []),
    header('Subject', encodeWords(mail.subject)),
    header('Message-ID', [mail.messageId]),
    ...mail.references.slice(-1).map((answered) => header('In-Reply-To', [answered])),
    ...(mail.references.length > 0 ? [header('References', mail.references)] : []),
    'MIME-Version: 1.0',
    ...(attachments.length > 0 ? mixedLines(mail, attachments) : textLines(mail)),
    '',
  ];
  return lines.join('\r\n');
}

function* textLines({ body }: Mail): Generator<string> {
  yield 'Content-Type: text/plain; charset=utf-8';
  yield 'Content-Transfer-Encoding: base64';
  yield '';
  yield* base64Lines(Buffer.from(body.replace(/\r\n|\r|\n/g, '\r\n')));
}

/** The text and the files (RFC 2046, 5.1.3). The boundary has characters that base64 has not, so it stands nowhere else. */
function* mixedLines(mail: Mail, attachments: readonly Attachment[]): Generator<string> {
  const boundary = `=_${createHash('sha256').update(mail.messageId).digest('hex').slice(0, 32)}`;
  yield `Content-Type: multipart/mixed; boundary="${boundary}"`;
  yield '';
  yield `--${boundary}`;
  yield* textLines(mail);
  for (const attachment of attachments) {
    yield `--${boundary}`;
    yield* attachmentLines(attachment);
  }
  yield `--${boundary}--`;
}

/** One value a line, folded (RFC 5322, 2.2.3). */
function header(name: string, values: readonly string[], separator = ''): string {
  for (const value of values) {
    if (!/^[\x20-\x7e]*$/.test(value)) throw new Error(`the header ${name} must be printable ASCII on one line`);
  }
  return `${name}: ${values.join(`${separator}\r\n `)}`;
}

/** The text as it is where that is safe, in encoded words (RFC 2047) otherwise. */
function encodeWords(text: string): string[] {
  const isPlain = /^[\x21-\x7e]([\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.includes('=?');
  if (isPlain && text.length <= LINE_LENGTH - 'Subject: '.length) return [text];
  const words: string[] = [];
  let word = '';
  for (const character of text) {
    if (Buffer.byteLength(word + character) > WORD_BYTES) {
      words.push(word);
      word = '';
    }
    word += character;
  }
  return [...words, word].map((one) => `=?UTF-8?B?${Buffer.from(one).toString('base64')}?=`);
}
