import { createHash } from 'node:crypto';
import PostalMime from 'postal-mime';
import type { Address, Email } from 'postal-mime';
import { invalid } from '../google/errors.ts';

/** A mail as it was sent in, read by a parser that is not ours: what it finds is what the recipient would see. */
export interface ParsedMail {
  headers: { name: string; value: string }[];
  to: string[];
  cc: string[];
  bcc: string[];
  subject: string;
  /** Null: none was set. */
  messageId: string | null;
  inReplyTo: string | null;
  references: string[];
  text: string;
  attachments: SentFile[];
}

export interface SentFile {
  filename: string;
  mimeType: string;
  bytes: number;
  sha256: string;
}

/**
 * Reads a `raw` field.
 *
 * @throws GoogleError for what Gmail refuses, and for what it lets pass but we never mean: no recipient, two equal headers,
 * anything but plain text and files.
 */
export async function parseMail(raw: unknown): Promise<ParsedMail> {
  if (typeof raw !== 'string' || !/^[A-Za-z0-9_-]+={0,2}$/.test(raw)) throw invalid('raw must be base64url');
  const email = await PostalMime.parse(Buffer.from(raw, 'base64url'));
  const names = email.headers.map(({ key }) => key);
  const repeated = names.find((name, index) => names.indexOf(name) !== index);
  if (repeated !== undefined) throw invalid(`the header ${repeated} stands twice`);
  if (email.html !== undefined) throw invalid('only plain text is modelled');
  const parsed = toParsed(email);
  if (parsed.to.length === 0) throw invalid('Recipient address required');
  return parsed;
}

function toParsed(email: Email): ParsedMail {
  const subject = email.subject ?? '';
  return {
    headers: email.headers.map(({ originalKey, key, value }) => ({
      name: originalKey,
      value: key === 'subject' ? subject : value,
    })),
    to: bare(email.to),
    cc: bare(email.cc),
    bcc: bare(email.bcc),
    subject,
    messageId: email.messageId ?? null,
    inReplyTo: email.inReplyTo ?? null,
    references: email.references?.match(/<[^<>]+>/g) ?? [],
    text: (email.text ?? '').replaceAll('\r\n', '\n').trimEnd(),
    attachments: email.attachments.map(toFile),
  };
}

function toFile({ filename, mimeType, content, disposition }: Email['attachments'][number]): SentFile {
  if (filename === null || disposition !== 'attachment') throw invalid('a part that is neither text nor a named attachment');
  const bytes = typeof content === 'string' ? Buffer.from(content) : Buffer.from(content as ArrayBuffer);
  return { filename, mimeType, bytes: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') };
}

function bare(addresses: Address[] = []): string[] {
  return addresses.flatMap((one) => (one.group ?? [one]).map(({ address }) => address.toLowerCase()));
}
