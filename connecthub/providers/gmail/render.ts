import type { Json } from '../../../contracts/json.ts';
import { decodeEntities, textOfHtml } from './html-text.ts';
import { addressesOf, headerOf, type Message, type Part } from './wire.ts';

/** Characters of each shorter field of an email. */
const MAX_FIELD_LENGTH = 1_000;
const MAX_ATTACHMENTS = 50;

/** What a list shows of an email. */
export function toFound(message: Message): Json {
  return { ...headOf(message), snippet: cut(decodeEntities(message.snippet), MAX_FIELD_LENGTH) };
}

/** The whole email, its text at most `maxLength` characters; attachments are only named. */
export function toWhole(message: Message, maxLength: number): Json {
  const parts = message.payload ? leaves(message.payload) : [];
  const text = textOf(parts);
  return {
    ...headOf(message),
    cc: addresses(message, 'Cc'),
    text: cut(text, maxLength),
    is_cut: text.length > maxLength,
    attachments: parts
      .filter(({ filename }) => filename !== '')
      .slice(0, MAX_ATTACHMENTS)
      .map(({ filename, mimeType, body }) => ({
        filename: cut(filename, MAX_FIELD_LENGTH),
        mime_type: cut(mimeType, MAX_FIELD_LENGTH),
        bytes: body?.size ?? 0,
      })),
  };
}

function headOf(message: Message) {
  const from = addressesOf(message, 'From')[0];
  return {
    id: message.id,
    thread_id: message.threadId,
    from: cut(from?.address ?? '', MAX_FIELD_LENGTH),
    from_name: cut(from?.name ?? '', MAX_FIELD_LENGTH),
    to: addresses(message, 'To'),
    subject: cut(headerOf(message, 'Subject'), MAX_FIELD_LENGTH),
    // Gmail's own instant of arrival: the Date header is the sender's word.
    date: new Date(Number(message.internalDate)).toISOString(),
  };
}

function addresses(message: Message, name: string): string {
  return cut(
    addressesOf(message, name)
      .map(({ address }) => address)
      .join(', '),
    MAX_FIELD_LENGTH,
  );
}

function leaves(part: Part): Part[] {
  return part.parts === undefined || part.parts.length === 0 ? [part] : part.parts.flatMap(leaves);
}

/** The plain text where there is one, else what a person would read of the HTML. */
function textOf(parts: Part[]): string {
  const bodyOf = (mimeType: string) =>
    parts.find((part) => part.mimeType === mimeType && part.filename === '' && part.body?.data !== undefined);
  const plain = bodyOf('text/plain');
  if (plain) return decode(plain).replaceAll('\r\n', '\n').trim();
  const html = bodyOf('text/html');
  return html ? textOfHtml(decode(html)) : '';
}

/** UTF-8 where it is that, else in the charset that the part names. */
function decode(part: Part): string {
  const bytes = Buffer.from(part.body?.data ?? '', 'base64url');
  const type = headerOf({ payload: part }, 'Content-Type');
  const charset = /charset="?([A-Za-z0-9_-]{1,40})/i.exec(type)?.[1] ?? 'utf-8';
  for (const name of ['utf-8', charset]) {
    try {
      return new TextDecoder(name, { fatal: true }).decode(bytes);
    } catch {
      // not in this one, or one that nobody knows
    }
  }
  return new TextDecoder('utf-8').decode(bytes);
}

/** No half of a character at the end. */
function cut(text: string, maxLength: number): string {
  return text.length <= maxLength ? text : text.slice(0, maxLength).replace(/[\ud800-\udbff]$/, '');
}
