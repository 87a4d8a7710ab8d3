import type { StoredMail } from './mailbox.ts';

type Format = 'full' | 'metadata' | 'minimal';

const SNIPPET_LENGTH = 180;
const escapeHtml = (text: string) =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll("'", '&#39;');
const toBody = (text: string) => ({ size: Buffer.byteLength(text), data: Buffer.from(text).toString('base64url') });

/** A message as Gmail tells it. https://developers.google.com/workspace/gmail/api/reference/rest/v1/users.messages#Message */
export function renderMail(mail: StoredMail, format: Format): Record<string, unknown> {
  const stub = {
    id: mail.id,
    threadId: mail.threadId,
    labelIds: [...mail.labelIds],
    snippet: snippetOf(mail),
    historyId: String(mail.historyId),
    internalDate: String(mail.receivedMs),
    sizeEstimate: 1_000 + mail.text.length,
  };
  if (format === 'minimal') return stub;
  if (format === 'metadata') return { ...stub, payload: { mimeType: typeOf(mail), headers: mail.headers } };
  return { ...stub, payload: payloadOf(mail) };
}

function snippetOf(mail: StoredMail): string {
  // HTML text: what a mail has of it keeps its entities.
  const text = mail.html === null ? escapeHtml(mail.text) : mail.html.replaceAll(/<style>.*?<\/style>|<[^>]*>/g, ' ');
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, SNIPPET_LENGTH);
}

function typeOf(mail: StoredMail): string {
  if (mail.attachments.length > 0) return 'multipart/mixed';
  return mail.html === null ? 'text/plain' : 'text/html';
}

function payloadOf(mail: StoredMail): Record<string, unknown> {
  const content = mail.html ?? mail.text;
  const shared = { partId: '', mimeType: typeOf(mail), filename: '', headers: mail.headers };
  if (mail.attachments.length === 0) return { ...shared, body: toBody(content) };
  const text = {
    partId: '0',
    mimeType: 'text/plain',
    filename: '',
    headers: [{ name: 'Content-Type', value: 'text/plain; charset="UTF-8"' }],
    body: toBody(content),
  };
  const attached = mail.attachments.map(({ filename, mimeType, bytes }, index) => ({
    partId: String(index + 1),
    mimeType,
    filename,
    headers: [],
    body: { attachmentId: `att-${index + 1}`, size: bytes },
  }));
  return { ...shared, body: { size: 0 }, parts: [text, ...attached] };
}
