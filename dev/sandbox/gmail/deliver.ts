import { randomUUID } from 'node:crypto';
import type { Mailbox, StoredMail } from './mailbox.ts';
import type { ParsedMail } from './parse-mail.ts';

/** Puts a mail that was sent in into the mailbox, with what Gmail adds to it. */
export function deliver(
  mailbox: Mailbox,
  mail: ParsedMail,
  as: { label: 'SENT' | 'DRAFT'; threadId?: string | undefined },
): StoredMail {
  const messageId = mailbox.keepsMessageId && mail.messageId !== null ? mail.messageId : `<CA${randomUUID()}@mail.gmail.com>`;
  const kept = mail.headers.filter(({ name }) => name.toLowerCase() !== 'message-id');
  const isToSelf = [...mail.to, ...mail.cc].includes(mailbox.address);
  return mailbox.add({
    headers: [{ name: 'From', value: mailbox.address }, ...kept, { name: 'Message-ID', value: messageId }],
    text: mail.text,
    attachments: mail.attachments,
    labels: as.label === 'SENT' && isToSelf ? ['SENT', 'INBOX', 'UNREAD'] : [as.label],
    ...(as.threadId !== undefined && { threadId: as.threadId }),
  });
}
